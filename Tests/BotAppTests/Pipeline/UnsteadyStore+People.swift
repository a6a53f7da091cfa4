import BotCore
import BotStore

extension UnsteadyStore {
    func grants() async throws(StoreError) -> [AccessGrant] {
        try await call("grants") { () async throws(StoreError) in try await base.grants() }
    }

    func grant(_ grant: AccessGrant) async throws(StoreError) {
        try await call("grant") { () async throws(StoreError) in try await base.grant(grant) }
    }

    func revoke(entry: String) async throws(StoreError) -> Bool { try await base.revoke(entry: entry) }

    func privateConversation(
        of person: String, on platform: Platform
    ) async throws(StoreError) -> ConversationKey? {
        try await base.privateConversation(of: person, on: platform)
    }

    func setPairingCode(hash: [UInt8], expiresAt: Timestamp) async throws(StoreError) {
        try await call("setPairingCode") { () async throws(StoreError) in
            try await base.setPairingCode(hash: hash, expiresAt: expiresAt)
        }
    }

    func redeemPairingCode(
        hash: [UInt8], person: String, name: String, tries: Int, at now: Timestamp
    ) async throws(StoreError) -> PairingResult {
        try await call("redeemPairingCode") { () async throws(StoreError) in
            try await base.redeemPairingCode(hash: hash, person: person, name: name, tries: tries, at: now)
        }
    }
}
