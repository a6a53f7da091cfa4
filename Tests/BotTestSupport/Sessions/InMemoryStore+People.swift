package import BotCore

extension InMemoryStore {
    package func grants() async throws(StoreError) -> [AccessGrant] {
        try transaction { $0.grants.values.sorted { $0.entry < $1.entry } }
    }

    package func grant(_ grant: AccessGrant) async throws(StoreError) {
        try transaction { $0.grants[grant.entry] = grant }
    }

    package func revoke(entry: String) async throws(StoreError) -> Bool {
        try transaction { $0.grants.removeValue(forKey: entry) != nil }
    }

    package func privateConversation(
        of person: String, on platform: Platform
    ) async throws(StoreError) -> ConversationKey? {
        try transaction { state in
            state.sessions.values.filter {
                $0.key != nil && $0.externalUserID == person && $0.interfaceType == platform.rawValue
            }.max { $0.lastActiveAt < $1.lastActiveAt }?.key
        }
    }

    package func setPairingCode(hash: [UInt8], expiresAt: Timestamp) async throws(StoreError) {
        try transaction { $0.pairingCode = InMemoryState.PairingCode(hash: hash, expiresAt: expiresAt) }
    }

    package func redeemPairingCode(
        hash: [UInt8], person: String, name: String, tries: Int, at now: Timestamp
    ) async throws(StoreError) -> PairingResult {
        try transaction { state in
            guard var code = state.pairingCode, now < code.expiresAt else { return .noCode }
            let used = code.tries[person, default: 0]
            guard used < tries else { return .lockedOut }
            guard code.hash == hash else {
                code.tries[person] = used + 1
                state.pairingCode = code
                return .wrong(triesLeft: tries - used - 1)
            }
            state.pairingCode = nil
            state.grants[person] = AccessGrant(
                entry: person, role: .owner, name: name, grantedBy: "pairing", grantedAt: now)
            return .paired
        }
    }
}
