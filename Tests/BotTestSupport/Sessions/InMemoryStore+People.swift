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
            }.max { $0.lastActiveAt < $1.lastActiveAt }?.key ?? state.privateChats["\(platform):\(person)"]
        }
    }

    package func notePrivateChat(
        _ conversation: ConversationKey, of person: String
    ) async throws(StoreError) {
        try transaction { $0.privateChats[person] = conversation }
    }

    package func setPairingCode(hash: [UInt8], expiresAt: Timestamp) async throws(StoreError) {
        try transaction { state in
            state.pairingCode = InMemoryState.PairingCode(hash: hash, expiresAt: expiresAt)
            state.wrongTries = [:]
        }
    }

    package func redeem(
        hash: [UInt8], person: String, name: String, in conversation: ConversationKey, tries: Int, at now: Timestamp
    ) async throws(StoreError) -> PairingResult {
        try transaction { state in
            state.invites = state.invites.filter { $0.value.expiresAt > now }
            let code = state.pairingCode.flatMap { now < $0.expiresAt ? $0 : nil }
            guard code != nil || !state.invites.isEmpty else { return .noCode }
            state.wrongTries = state.wrongTries.filter { now.since($0.value.at) < .seconds(86_400) }
            let used = state.wrongTries[person]?.count ?? 0
            guard used < tries, used > 0 || state.wrongTries.count < 1000 else { return .lockedOut }
            if let code, code.hash == hash {
                state.pairingCode = nil
                state.wrongTries = [:]
                state.grants[person] = AccessGrant(
                    entry: person, role: .owner, name: name, grantedBy: "pairing", grantedAt: now)
                state.privateChats[person] = conversation
                _ = state.closeAdmission(of: person, by: person, at: now)
                return .paired
            }
            guard let invite = state.invites[hash] else {
                state.wrongTries[person] = InMemoryState.WrongTries(count: used + 1, at: now)
                return .wrong(triesLeft: tries - used - 1)
            }
            if state.grants[person] != nil { return .invited(nil) }
            state.invites[hash] =
                invite.uses == 1
                ? nil
                : Invite(hash: hash, uses: invite.uses - 1, madeBy: invite.madeBy, expiresAt: invite.expiresAt)
            state.grants[person] = AccessGrant(
                entry: person, role: .member, name: name, grantedBy: invite.madeBy, grantedAt: now)
            let request = state.closeAdmission(of: person, by: invite.madeBy, at: now)
            return .invited(request.flatMap { state.admit($0, at: now) })
        }
    }

    package func addInvite(_ invite: Invite, limit: Int, at now: Timestamp) async throws(StoreError) -> Bool {
        try transaction { state in
            state.invites = state.invites.filter { $0.value.expiresAt > now }
            guard state.invites.count < limit else { return false }
            state.invites[invite.hash] = invite
            return true
        }
    }
}
