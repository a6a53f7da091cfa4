/// A conversation that cannot be reached, and how much of what there is to do in it is lost with it.
///
/// It was found out by a request that was under way for a while. What a person writes meanwhile may come after the bot was let in again, so
/// it is not lost.
package struct LostChat: Sendable, Hashable {
    package let conversation: ConversationKey
    /// Whether the chat's other topics are lost too.
    package let wholeChat: Bool
    /// For the owner.
    package let reason: String
    /// When the request began. Events that were received later stay, and their turns.
    package let since: Timestamp
    /// The newest message that waited then: what was ready to be sent later stays. Nil for none that stays.
    package let newestRow: OutboxID?
    /// The event that told of it, if one did: later ones stay, and their turns.
    package let event: InboxID?

    package init(
        _ conversation: ConversationKey, wholeChat: Bool, reason: String, since: Timestamp, newestRow: OutboxID? = nil,
        event: InboxID? = nil
    ) {
        self.conversation = conversation
        self.wholeChat = wholeChat
        self.reason = reason
        self.since = since
        self.newestRow = newestRow
        self.event = event
    }
}

/// What was ended in a chat that cannot be reached.
package struct EndedWork: Sendable, Equatable {
    /// Turns that were running and can no longer commit: to be cancelled.
    package let turns: [TurnID]
    /// Events that will not be answered.
    package let events: [InboxID]

    package init(turns: [TurnID], events: [InboxID]) {
        self.turns = turns
        self.events = events
    }
}
