/// A part of what a session has cost: all requests that are alike in what follows.
package struct UsageShare: Sendable, Equatable {
    /// What the requests were for.
    package enum Purpose: Int64, Sendable, CaseIterable { case answer, summary }

    /// When they were answered: each request is in one of these alone.
    package enum Period: Int64, Sendable, CaseIterable { case today, earlierThisMonth, earlier }

    /// Who has asked.
    package enum Asker: Int64, Sendable, CaseIterable {
        /// The person that was named.
        case person
        case somebodyElse
        /// Nobody was noted: in private chats, for summaries, and before people were noted.
        case unknown
    }

    /// The model that answered, as `openai/gpt-5`; nil when it is not known.
    package let model: String?
    package let purpose: Purpose
    package let period: Period
    package let asker: Asker
    package let requests: Int
    /// Their tokens together.
    package let tokens: TokenUsage

    package init(
        model: String?, purpose: Purpose, period: Period, asker: Asker, requests: Int, tokens: TokenUsage
    ) {
        self.model = model
        self.purpose = purpose
        self.period = period
        self.asker = asker
        self.requests = requests
        self.tokens = tokens
    }
}

/// What requests to models have cost. The cost of a turn is booked by its commit.
package protocol UsageStore: Sendable {
    /// Books a request for a summary of a session, whatever became of its answer.
    func bookSummary(
        _ usage: TokenUsage, model: String, of session: SessionID, at now: Timestamp
    ) async throws(StoreError)

    /// What a session has cost, answers that a reset superseded included; no share twice, and none without a request.
    ///
    /// - Parameters:
    ///   - person: whose requests are told apart, as in `TurnResult.person`.
    ///   - now: decides which day and month of UTC are today and this month.
    func usage(of session: SessionID, askedBy person: String?, at now: Timestamp) async throws(StoreError)
        -> [UsageShare]
}
