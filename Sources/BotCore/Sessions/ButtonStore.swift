/// What a button under an earlier message still means.
package struct ButtonStanding: Sendable, Equatable {
    /// The platform's id of the person who had asked for what the button is about; nil in private chats, and where it was not noted.
    package let person: String?
    /// That person's display name, cleaned; nil where it is not known.
    package let name: String?
    /// Whether that is still the newest thing in its chat. Otherwise pressing the button does nothing.
    package let isCurrent: Bool

    package init(person: String?, name: String?, isCurrent: Bool) {
        self.person = person
        self.name = name
        self.isCurrent = isCurrent
    }
}

/// What buttons need of the database. A turn that a button begins is one like any other (see `TurnDraft.onlyAfter`).
package protocol ButtonStore: Sendable {
    /// What a button of a conversation means now; nil when the conversation has nothing of the kind (any more).
    ///
    /// - Parameters:
    ///   - now: the moment of the press.
    ///   - period: how long a reset can be taken back.
    func standing(
        of action: ReplyAction, in conversation: ConversationKey, at now: Timestamp, undoWithin period: Duration
    ) async throws(StoreError) -> ButtonStanding?

    /// Takes the reset back that came with an event, if nothing was said since, it still stands, and it is younger than `within`.
    /// Otherwise only the event of the request ends, without an answer.
    ///
    /// - Parameter confirmation: the answer, made from how many messages are back.
    func undoReset(
        _ reset: InboxID, _ request: CommandRequest, within: Duration,
        confirmation: @escaping @Sendable (_ messages: Int) -> [RenderedChunk]
    ) async throws(StoreError) -> CommandOutcome
}
