/// A summary that covers a prefix of a session's log. It never changes; a reset or its taking back leaves it behind.
package struct Checkpoint: Sendable, Equatable {
    package let id: CheckpointID
    package let session: SessionID
    /// The checkpoint whose summary this one continues; nil for the first since a reset.
    package let base: CheckpointID?
    /// The messages that it newly covers: those of `base` come before them.
    package let fromSeq: Int64
    package let toSeq: Int64
    package let text: String
    /// The tokens of the text, and the tokenizer that counted them.
    package let tokens: Int
    package let tokenizer: String
    /// The tokens of what the summary replaced in the context: the base's summary and the messages that it newly covers.
    package let replacedTokens: Int
    package let author: SummaryAuthor
    /// How many summaries were made from summaries since one was made from the sources alone; 0 for such a one.
    package let round: Int
    package let createdAt: Timestamp

    package init(
        id: CheckpointID, session: SessionID, base: CheckpointID?, fromSeq: Int64, toSeq: Int64, text: String,
        tokens: Int, tokenizer: String, replacedTokens: Int, author: SummaryAuthor, round: Int, createdAt: Timestamp
    ) {
        self.id = id
        self.session = session
        self.base = base
        self.fromSeq = fromSeq
        self.toSeq = toSeq
        self.text = text
        self.tokens = tokens
        self.tokenizer = tokenizer
        self.replacedTokens = replacedTokens
        self.author = author
        self.round = round
        self.createdAt = createdAt
    }
}

/// Who wrote a summary.
package enum SummaryAuthor: Sendable, Equatable {
    /// A language model, by its name, as `openai/gpt-5`.
    case model(String)
    /// The deterministic digest, which stands in where no model can.
    case digest
}

/// A checkpoint before it is stored.
package struct CheckpointDraft: Sendable, Equatable {
    package let session: SessionID
    package let base: CheckpointID?
    package let fromSeq: Int64
    package let toSeq: Int64
    package let text: String
    package let tokens: Int
    package let tokenizer: String
    package let replacedTokens: Int
    package let author: SummaryAuthor
    package let round: Int
    /// How many messages have to come before the next summary may be made.
    package let pause: Int

    package init(
        session: SessionID, base: CheckpointID?, fromSeq: Int64, toSeq: Int64, text: String, tokens: Int,
        tokenizer: String, replacedTokens: Int, author: SummaryAuthor, round: Int, pause: Int
    ) {
        self.session = session
        self.base = base
        self.fromSeq = fromSeq
        self.toSeq = toSeq
        self.text = text
        self.tokens = tokens
        self.tokenizer = tokenizer
        self.replacedTokens = replacedTokens
        self.author = author
        self.round = round
        self.pause = pause
    }
}

/// What became of storing a checkpoint.
package enum CheckpointCommit: Sendable, Equatable {
    case committed(Session, Checkpoint)
    /// Something moved underneath since the revision: nothing was stored.
    case outdated
}

/// Summaries, and what they are made of: each use case is one transaction.
package protocol CheckpointStore: Sendable {
    func checkpoint(_ id: CheckpointID) async throws(StoreError) -> Checkpoint?

    /// The checkpoint that a session stands on and those that it continues, newest first; empty when there is none.
    func checkpoints(of session: SessionID, limit: Int) async throws(StoreError) -> [Checkpoint]

    /// The messages after a number that were not taken back, oldest first: at most `limit`, and as many as hold `maxBytes` of text, but
    /// at least one if there is any.
    func messages(
        of session: SessionID, after: Int64, limit: Int, maxBytes: Int
    ) async throws(StoreError) -> [SessionMessage]

    /// Stores a checkpoint and makes it the one that its session stands on, if the session still has this revision.
    func commit(
        _ draft: CheckpointDraft, ifRevision revision: Int64, at now: Timestamp
    ) async throws(StoreError) -> CheckpointCommit

    /// Takes the summary back: the session stands on the one before it, if any, and the messages between are shown and searched again.
    ///
    /// - Parameters:
    ///   - pause: how many messages have to come before the next summary may be made.
    ///   - confirmation: the answer, made from the checkpoint that was taken back; nil when there was none.
    func takeBackSummary(
        _ request: CommandRequest, pause: Int, confirmation: @escaping @Sendable (Checkpoint?) -> [RenderedChunk]
    ) async throws(StoreError) -> CommandOutcome
}
