/// A session as it is after an append, and the message.
package struct Appended: Sendable, Equatable {
    package let session: Session
    package let message: SessionMessage
    /// False when the message was there already (same external id): nothing was changed.
    package let isNew: Bool

    package init(session: Session, message: SessionMessage, isNew: Bool) {
        self.session = session
        self.message = message
        self.isNew = isNew
    }
}

/// Totals over all sessions, kept in counters.
package struct StoreStatistics: Sendable, Equatable {
    package var totalSessions = 0
    package var activeSessions = 0
    /// Messages after the last reset of each session, and their tokens.
    package var totalMessages = 0
    package var totalTokens = 0
    /// Messages of active sessions, for their average length.
    package var activeMessages = 0
    package var activeByInterface: [String: Int] = [:]
    package var toolCalls = 0
    package var errors = 0
    package var summaries = 0

    package init() {}
}

/// Sessions and their log: each use case is one transaction.
package protocol SessionStore: Sendable {
    /// The conversation's session, made if there is none; an inactive one is woken. The draft's fields count only for a
    /// new session.
    func getOrCreate(_ draft: SessionDraft, at now: Timestamp) async throws(StoreError) -> Session

    func session(_ id: SessionID) async throws(StoreError) -> Session?

    func session(of conversation: ConversationID) async throws(StoreError) -> Session?

    func session(of key: ConversationKey) async throws(StoreError) -> Session?

    /// Active sessions, newest activity first.
    func activeSessions(limit: Int) async throws(StoreError) -> [Session]

    /// Adds a message to the log, wakes the session and moves its expiry. Nil when there is no such session.
    func append(_ message: MessageDraft, to session: SessionID, at now: Timestamp) async throws(StoreError) -> Appended?

    /// The newest messages that the summary does not cover and that were not taken back, oldest first.
    func newestMessages(of session: SessionID, limit: Int) async throws(StoreError) -> [SessionMessage]

    /// Merges members into the session's state, at the top level. Nil when there is no such session.
    func updateState(
        of session: SessionID, with patch: [String: JSONValue], at now: Timestamp
    ) async throws(StoreError) -> Session?

    /// Sets the model that was chosen for a session; nil takes the choice back. It is no activity, and a reset leaves it. Nil when there is
    /// no such session.
    func chooseModel(_ name: String?, of session: SessionID) async throws(StoreError) -> Session?

    /// Marks a session inactive; the next message wakes it. Returns false when there is no such session.
    func deactivate(_ session: SessionID) async throws(StoreError) -> Bool

    /// Erases a session for good with its messages, its turns and their outbox rows. Returns false when there is none.
    func erase(_ session: SessionID) async throws(StoreError) -> Bool

    /// Adds to a session's counters of tool calls and errors.
    func count(toolCalls: Int, errors: Int, in session: SessionID) async throws(StoreError)

    /// Marks sessions inactive whose expiry is past, at most `limit`; returns them.
    func expire(at now: Timestamp, limit: Int) async throws(StoreError) -> [SessionID]

    /// Deletes messages that a reset before the moment has cleared, at most `limit`; returns how many.
    func deleteCleared(before: Timestamp, limit: Int) async throws(StoreError) -> Int

    func statistics() async throws(StoreError) -> StoreStatistics
}
