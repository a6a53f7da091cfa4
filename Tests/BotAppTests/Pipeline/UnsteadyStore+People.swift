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

    func redeem(
        hash: [UInt8], person: String, name: String, in conversation: ConversationKey, tries: Int, at now: Timestamp
    ) async throws(StoreError) -> PairingResult {
        try await call("redeem") { () async throws(StoreError) in
            try await base.redeem(
                hash: hash, person: person, name: name, in: conversation, tries: tries, at: now)
        }
    }

    func notePrivateChat(_ conversation: ConversationKey, of person: String) async throws(StoreError) {
        try await call("notePrivateChat") { () async throws(StoreError) in
            try await base.notePrivateChat(conversation, of: person)
        }
    }

    func addInvite(_ invite: Invite, limit: Int, at now: Timestamp) async throws(StoreError) -> Bool {
        try await call("addInvite") { () async throws(StoreError) in
            try await base.addInvite(invite, limit: limit, at: now)
        }
    }

    func ask(
        _ draft: AdmissionDraft, rules: AdmissionRules,
        answer: @escaping @Sendable (AdmissionReply) -> [RenderedChunk]
    ) async throws(StoreError) -> (reply: AdmissionReply, rows: [OutboxRow])? {
        try await call("ask") { () async throws(StoreError) in
            try await base.ask(draft, rules: rules, answer: answer)
        }
    }

    func openAdmissions(_ rules: AdmissionRules, at now: Timestamp) async throws(StoreError) -> [AdmissionRequest] {
        try await call("openAdmissions") { () async throws(StoreError) in
            try await base.openAdmissions(rules, at: now)
        }
    }

    func admission(
        _ id: AdmissionID, _ rules: AdmissionRules, at now: Timestamp
    ) async throws(StoreError) -> AdmissionRequest? {
        try await call("admission") { () async throws(StoreError) in try await base.admission(id, rules, at: now) }
    }

    func announce(
        _ id: AdmissionID, _ notices: [AdmissionNotice], limit: Int, since: Timestamp, at now: Timestamp
    ) async throws(StoreError) -> [OutboxRow]? {
        try await call("announce") { () async throws(StoreError) in
            try await base.announce(id, notices, limit: limit, since: since, at: now)
        }
    }

    func decide(
        _ decision: AccessDecision, rules: AdmissionRules,
        answer: @escaping @Sendable (DecisionEffect) -> [RenderedChunk],
        refusal: @escaping @Sendable (Platform) -> [RenderedChunk]
    ) async throws(StoreError) -> DecisionOutcome {
        try await call("decide") { () async throws(StoreError) in
            try await base.decide(decision, rules: rules, answer: answer, refusal: refusal)
        }
    }

    func forgetAdmissions(_ rules: AdmissionRules, at now: Timestamp) async throws(StoreError) {
        try await base.forgetAdmissions(rules, at: now)
    }
}
