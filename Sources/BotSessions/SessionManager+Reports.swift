package import BotCore

/// What a model is shown of a session, for people.
package struct ContextReport: Sendable {
    package let session: Session
    package let context: SessionContext
    /// The model that the context is for, as `openai/gpt-5`.
    package let model: String
    /// Whether its tokens are counted exactly; else the counts are upper bounds.
    package let isExact: Bool
    /// When the first of the messages was written that are shown in their own words; nil when none is.
    package let since: Timestamp?

    package init(session: Session, context: SessionContext, model: String, isExact: Bool, since: Timestamp?) {
        self.session = session
        self.context = context
        self.model = model
        self.isExact = isExact
        self.since = since
    }
}

/// A session's summary, for people.
package struct SummaryReport: Sendable {
    package let checkpoint: Checkpoint
    /// All messages that it stands for, those of the summaries that it continues included, and their tokens.
    package let messages: Int
    package let tokens: Int
    /// When the messages that its lines name were written, by their numbers.
    package let dates: [Int64: Timestamp]

    package init(checkpoint: Checkpoint, messages: Int, tokens: Int, dates: [Int64: Timestamp]) {
        self.checkpoint = checkpoint
        self.messages = messages
        self.tokens = tokens
        self.dates = dates
    }
}

extension SessionManager {
    /// What a model would be shown of a session now; nil when the session is no more.
    package func contextReport(
        of session: Session, for provider: any ModelProvider
    ) async throws(StoreError) -> ContextReport? {
        let model = ContextModel(provider)
        guard let context = try await buildContext(ContextRequest(session: session.id, model: model)) else {
            return nil
        }
        let oldest = try await store.newestMessages(of: session.id, limit: context.shownMessages).first
        return ContextReport(
            session: session, context: context, model: model.name,
            isExact: meter.tokens(of: model.name).perThousand == 1000,
            since: context.shownMessages == 0 ? nil : oldest?.createdAt)
    }

    /// What a session has cost until now (see `UsageStore.usage`).
    package func usage(of session: SessionID, askedBy person: String?) async throws(StoreError) -> [UsageShare] {
        try await store.usage(of: session, askedBy: person, at: time.now)
    }

    /// The summary that a session stands on; nil when there is none.
    package func checkpoint(of session: Session) async throws(StoreError) -> Checkpoint? {
        guard let id = session.coverage.checkpoint else { return nil }
        return try await store.checkpoint(id)
    }

    /// The same with what its lines name; nil when there is none.
    package func summary(of session: Session) async throws(StoreError) -> SummaryReport? {
        guard let checkpoint = try await checkpoint(of: session) else { return nil }
        let named = SummaryNotes(parsing: checkpoint.text).lines.flatMap(\.sources).flatMap {
            [$0.lowerBound, $0.upperBound]
        }
        let messages = try await store.messages(of: session.id, seqs: Array(Set(named)))
        return SummaryReport(
            checkpoint: checkpoint, messages: session.messageCount - session.coverage.liveMessages,
            tokens: session.totalTokens - session.coverage.liveTokens,
            dates: Dictionary(messages.map { ($0.seq, $0.createdAt) }) { first, _ in first })
    }
}
