/// A session that shows messages which are older than may be kept.
package struct OutdatedSession: Sendable, Equatable {
    package let session: Session
    /// The newest of those messages: all up to it are to go.
    package let through: Int64

    package init(session: Session, through: Int64) {
        self.session = session
        self.through = through
    }
}

/// What time takes away of a session that goes on: each use case is one transaction.
package protocol RetentionStore: Sendable {
    /// Sessions that show messages from before a moment, by their numbers: at most `limit` after the one given. What a turn that has not
    /// ended answers, and what came later, stays.
    func outdated(before: Timestamp, after: SessionID?, limit: Int) async throws(StoreError) -> [OutdatedSession]

    /// Takes the messages away for good that a session shows up to a number, and all its summaries, for they may tell of them; the rest of
    /// the messages is then deleted by `SessionStore.deleteCleared`. It is no activity of the session.
    ///
    /// - Parameters:
    ///   - summary: what the summary of the session still says without them; nil where nothing is left. It continues none and covers
    ///     what the summary covers behind them.
    /// - Returns: the session as it is then; nil when something has moved underneath since the revision: nothing was done.
    func takeAway(
        _ outdated: OutdatedSession, leaving summary: CheckpointDraft?, at now: Timestamp
    ) async throws(StoreError) -> Session?
}
