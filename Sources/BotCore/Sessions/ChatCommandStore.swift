/// Where a command that changes the log came from and how it is answered.
package struct CommandRequest: Sendable {
    package let conversation: SessionDraft.Conversation
    /// The event of the command, which ends with it, and events that came after it stay; nil over REST.
    package let event: InboxID?
    package let at: Timestamp
    /// The platform's id of the person who asks, in shared chats; nil where it does not matter.
    package let person: String?

    package init(
        conversation: SessionDraft.Conversation, event: InboxID?, at: Timestamp, person: String? = nil
    ) {
        self.conversation = conversation
        self.event = event
        self.at = at
        self.person = person
    }
}

/// What a command left behind: a command whose event had ended before, because a crash came after its commit, leaves no rows.
package struct CommandOutcome: Sendable, Equatable {
    /// The session as it is now; nil when the conversation has none (any more).
    package let session: Session?
    /// Turns that were running and can no longer commit: to be cancelled.
    package let stoppedTurns: [TurnID]
    /// The answer, ready to be delivered.
    package let rows: [OutboxRow]

    package init(session: Session?, stoppedTurns: [TurnID] = [], rows: [OutboxRow]) {
        self.session = session
        self.stoppedTurns = stoppedTurns
        self.rows = rows
    }
}

/// What `/undo` took back.
package enum Undone: Sendable, Equatable {
    /// The last reset: so many messages are back.
    case reset(messages: Int)
    /// The last exchange: so many messages are shown and searched no more, the first of which was this question.
    case exchange(messages: Int, question: String)
    case nothing
}

/// What is kept of a conversation: what `/forget` would erase.
package struct Holdings: Sendable, Equatable {
    /// All messages of the log, as in `Forgotten`.
    package let messages: Int
    package let summaries: Int
    /// When the oldest of the messages was written; nil when there is none.
    package let since: Timestamp?

    package init(messages: Int, summaries: Int, since: Timestamp?) {
        self.messages = messages
        self.summaries = summaries
        self.since = since
    }
}

/// What `/forget` erased.
package struct Forgotten: Sendable, Equatable {
    /// All messages of the log, those that a reset had cleared and that were not yet deleted included.
    package let messages: Int
    package let summaries: Int
    /// Waiting events that were dropped with them.
    package let droppedEvents: Int

    package init(messages: Int, summaries: Int, droppedEvents: Int) {
        self.messages = messages
        self.summaries = summaries
        self.droppedEvents = droppedEvents
    }
}

/// Commands of a chat that change its log: each is one transaction with the end of its event and its answer.
package protocol ChatCommandStore: Sendable {
    /// Takes back what was done last: the last reset, if nothing was said since and it is younger than `within`, else the last exchange,
    /// which is a message of the user and all that follows it. Where the summary covers that exchange, the session goes back to the
    /// newest checkpoint that does not.
    func undo(
        _ request: CommandRequest, within: Duration, confirmation: @escaping @Sendable (Undone) -> [RenderedChunk]
    ) async throws(StoreError) -> CommandOutcome

    /// What is kept of a conversation.
    func holdings(of conversation: SessionDraft.Conversation) async throws(StoreError) -> Holdings

    /// Erases the conversation for good: its session with all messages, summaries, search entries, turns and usage, and the payloads of its
    /// events and of its replies. What the answer needs stays.
    ///
    /// - Parameter stopped: what becomes of previews that stand in the chat, half-written.
    func forget(
        _ request: CommandRequest, stopped: RenderedChunk,
        confirmation: @escaping @Sendable (Forgotten) -> [RenderedChunk]
    ) async throws(StoreError) -> CommandOutcome

    /// Removes what erased text leaves behind in the files of the database: in freed pages, in unused parts of pages, in the search index
    /// and in the write-ahead log. It works in small steps between which others can write. One that fails is to be called again.
    func scrub() async throws(StoreError)
}
