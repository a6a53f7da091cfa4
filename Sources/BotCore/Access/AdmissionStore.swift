/// Strangers who ask to be let in, and what is decided about them: each use case is one transaction.
package protocol AdmissionStore: Sendable {
    /// Makes a stranger's event a request, or adds it to the one that there is, and ends it with an answer; unless a role is stored for the
    /// person that lets them in. Of what a person says the newest
    /// message is kept, and a command only where there is no message.
    ///
    /// - Parameter answer: the answer, made from what became of it; empty for none.
    /// - Returns: what became of it, and the rows of the answer; nil when the event had ended before.
    func ask(
        _ draft: AdmissionDraft, rules: AdmissionRules,
        answer: @escaping @Sendable (AdmissionReply) -> [RenderedChunk]
    ) async throws(StoreError) -> (reply: AdmissionReply, rows: [OutboxRow])?

    /// The requests that nobody has decided about, oldest first.
    func openAdmissions(_ rules: AdmissionRules, at now: Timestamp) async throws(StoreError) -> [AdmissionRequest]

    /// A request, decided about or not; nil when there is none (any more).
    func admission(
        _ id: AdmissionID, _ rules: AdmissionRules, at now: Timestamp
    ) async throws(StoreError) -> AdmissionRequest?

    /// Queues the messages about a request to those who decide, once, unless `limit` requests were told since a moment.
    ///
    /// - Returns: the rows; nil when the limit is reached.
    func announce(
        _ id: AdmissionID, _ notices: [AdmissionNotice], limit: Int, since: Timestamp, at now: Timestamp
    ) async throws(StoreError) -> [OutboxRow]?

    /// Carries out a decision, ends its event and queues the answer. The entry of an owner is left as it is.
    ///
    /// - Parameters:
    ///   - answer: the answer to who decides.
    ///   - refusal: what a person hears who had asked and is denied, rendered for their platform.
    func decide(
        _ decision: AccessDecision, rules: AdmissionRules,
        answer: @escaping @Sendable (DecisionEffect) -> [RenderedChunk],
        refusal: @escaping @Sendable (Platform) -> [RenderedChunk]
    ) async throws(StoreError) -> DecisionOutcome

    /// Deletes requests that are too old, with what was said in them.
    func forgetAdmissions(_ rules: AdmissionRules, at now: Timestamp) async throws(StoreError)
}
