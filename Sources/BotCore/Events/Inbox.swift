/// How far a platform's stream of events is stored: what has to be told to the platform so that it may forget the rest.
package struct Cursor: Sendable, Equatable {
    /// Names the stream, as `telegram/110201543`.
    package let name: String
    /// The position, in words of the platform.
    package let value: String

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// An event in the inbox.
package struct InboxEntry: Sendable, Equatable {
    package let id: InboxID
    package let event: InboundEvent

    package init(id: InboxID, event: InboundEvent) {
        self.id = id
        self.event = event
    }
}

/// What became of an edit.
package enum EditOutcome: Sendable, Equatable {
    /// The message has not been answered yet; so it is stored now. Where its words are the same, it is stored as before.
    case waiting(InboxEntry)
    /// The message is not in the inbox any more, or has never been.
    case notWaiting
}

/// Takes events from the platforms. A platform acknowledges an event only after `accept` has returned.
package protocol EventIntake: Sendable {
    /// Stores the events and the cursor in one transaction and hands on those that are new.
    ///
    /// Returns after the commit. While the queue is full or the database cannot be written it waits, so that the platform
    /// keeps what was not stored: that is the back-pressure of the whole program.
    ///
    /// - Throws: `CancellationError` alone.
    func accept(_ events: [InboundEvent], cursor: Cursor?) async throws

    /// Moves a chat and all that belongs to it, before an event is accepted that comes from where it is now. Returns once it is stored;
    /// to do it again changes nothing.
    ///
    /// - Throws: `CancellationError` alone.
    func move(_ move: ChatMove) async throws
}

/// Remembers positions of streams and other small facts of a platform over restarts.
package protocol CursorStore: Sendable {
    /// The stored value, or nil when there is none.
    func cursor(named name: String) async throws(StoreError) -> String?

    /// Stores a value; nil deletes it.
    func setCursor(named name: String, to value: String?) async throws(StoreError)
}

/// The durable inbox: each use case is one transaction.
package protocol InboxStore: CursorStore {
    /// Stores new events and moves the cursor; returns the entries that were not there before, in order.
    func accept(_ events: [InboundEvent], cursor: Cursor?) async throws(StoreError) -> [InboxEntry]

    /// Events that are stored and not finished, oldest first, with ids above `after`.
    func unfinished(after: InboxID?, limit: Int) async throws(StoreError) -> [InboxEntry]

    /// Ends an event that needs no turn and queues its answer. Does nothing when the event is finished already.
    ///
    /// - Returns: the outbox rows that were made.
    func finish(_ event: InboxID, answer: [RenderedChunk], at now: Timestamp) async throws(StoreError) -> [OutboxRow]

    /// Carries out the edit that an event tells of, as far as the message has not been answered: its stored text is replaced. Of a deletion,
    /// as far as no turn has begun: the stored message is nothing but deleted any more. Harmless when it is repeated; the event of the
    /// edit does not end.
    func applyEdit(_ edit: InboxID) async throws(StoreError) -> EditOutcome

    /// Deletes finished events received before the moment, at most `limit` of them; until then their ids are known as seen.
    func forgetFinished(before: Timestamp, limit: Int) async throws(StoreError) -> Int
}
