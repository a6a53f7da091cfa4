package import BotCore
package import Logging

/// The heart of mybot: sessions, their messages and the contexts made of them. All that touches a session's messages goes
/// through here, so that the cache in front of the store is always true.
package final class SessionManager: Sendable {
    package let settings: SessionSettings
    private let store: any Store
    private let counter: any TokenCounter
    private let time: any TimeSource
    private let logger: Logger

    /// Creates a manager over a store. Its log lines have the category `session-manager`.
    package init(
        store: any Store, counter: any TokenCounter, settings: SessionSettings, time: any TimeSource, logger: Logger
    ) {
        self.store = store
        self.counter = counter
        self.settings = settings
        self.time = time
        self.logger = logger
    }

    // MARK: - The guide's operations

    /// The conversation's session, made if there is none, woken if it is inactive.
    package func getOrCreateSession(_ draft: SessionDraft) async throws(StoreError) -> Session {
        try await store.getOrCreate(draft, at: time.now)
    }

    package func getSession(_ id: SessionID) async throws(StoreError) -> Session? {
        try await store.session(id)
    }

    package func session(of conversation: ConversationID) async throws(StoreError) -> Session? {
        try await store.session(of: conversation)
    }

    /// The session of a platform's conversation, for `/status`.
    package func session(of key: ConversationKey) async throws(StoreError) -> Session? {
        try await store.session(of: key)
    }

    /// Active sessions, newest activity first.
    package func activeSessions(limit: Int = 100) async throws(StoreError) -> [Session] {
        try await store.activeSessions(limit: limit)
    }

    /// The messages that a session shows over REST: those of this epoch, newest `limit`, oldest first.
    package func messages(of id: SessionID, limit: Int) async throws(StoreError) -> [SessionMessage] {
        try await store.newestMessages(of: id, limit: limit)
    }

    /// Adds a message to a session; returns the session after it, or nil when there is no such session.
    package func addMessage(
        to id: SessionID, role: Role, content: String, metadata: [String: JSONValue] = [:]
    ) async throws(StoreError) -> Session? {
        nil
    }

    /// What the session gives to a prompt, inside its token limit; nil when there is no such session.
    ///
    /// - Parameter maxMessages: the most messages; nil takes `contextMaxMessages`.
    /// - Parameter languageModel: whether it is for a language model: answers of the offline responder are left out then.
    package func buildContext(
        _ id: SessionID, maxMessages: Int? = nil, languageModel: Bool = true
    ) async throws(StoreError) -> SessionContext? {
        nil
    }

    /// Clears a session's context, as `/reset` does; returns it, or nil when there is no such session.
    package func clearMessages(_ id: SessionID) async throws(StoreError) -> Session? { nil }

    package func updateState(
        of id: SessionID, with patch: [String: JSONValue]
    ) async throws(StoreError) -> Session? { nil }

    package func deactivate(_ id: SessionID) async throws(StoreError) -> Bool { false }

    /// Erases a session for good.
    package func delete(_ id: SessionID) async throws(StoreError) -> Bool { false }

    package func recordToolCall(in id: SessionID) async throws(StoreError) {}

    package func recordError(in id: SessionID) async throws(StoreError) {}

    package func getStats() async throws(StoreError) -> SessionStatistics { throw .cancelled }

    /// Marks expired sessions inactive and deletes what resets cleared a day ago, in small batches.
    package func cleanup() async throws(StoreError) {}

    /// Cleans up at once and then once an interval, until the task is cancelled.
    package func run() async {}

    // MARK: - Turns

    /// Begins a turn: counts the text, appends it as the user's message, opens the turn and its reply (see `TurnStore.begin`).
    package func beginTurn(
        events: [InboxID], in session: SessionDraft, text: String, speaker: String?, externalID: String,
        replyTo address: ReplyAddress, attempts: Int, apology: [RenderedChunk]
    ) async throws(StoreError) -> TurnStart {
        .gone
    }

    /// Ends a turn with its answer, if its epoch still stands. `text` nil adds nothing to the log (the model failed).
    package func commitTurn(
        _ turn: TurnID, ending: TurnEnding, text: String?, model: String?, usage: TokenUsage?, chunks: [RenderedChunk]
    ) async throws(StoreError) -> TurnCommit {
        .superseded
    }

    /// Puts a turn back for the next start.
    package func parkTurn(_ turn: TurnID) async throws(StoreError) { try await store.park(turn) }

    /// Clears a conversation's context (see `TurnStore.reset`).
    package func reset(
        _ request: ResetRequest, stopped: RenderedChunk,
        confirmation: @escaping @Sendable (ResetSummary) -> [RenderedChunk]
    ) async throws(StoreError) -> ResetOutcome {
        try await store.reset(request, stopped: stopped, confirmation: confirmation)
    }

    /// Takes the last reset back while it is younger than 24 hours (see `TurnStore.undoReset`).
    package func undoReset(
        _ request: ResetRequest, confirmation: @escaping @Sendable (Int?) -> [RenderedChunk]
    ) async throws(StoreError) -> UndoOutcome {
        try await store.undoReset(request, within: .seconds(86_400), confirmation: confirmation)
    }
}
