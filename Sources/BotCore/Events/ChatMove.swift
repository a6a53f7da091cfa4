/// A chat that goes on under another id on its platform: on Telegram a group that has become a supergroup.
package struct ChatMove: Sendable, Hashable {
    /// The whole chat as it was called; its topics, where it has some, move with it.
    package let from: ConversationKey
    /// The whole chat as it is called now.
    package let to: ConversationKey

    package init(_ chat: String, to newChat: String, platform: Platform, account: String) {
        from = ConversationKey(platform: platform, account: account, chat: chat)
        to = ConversationKey(platform: platform, account: account, chat: newChat)
    }

    /// What a conversation of the chat is called now; nil for one of another chat.
    package func newName(of conversation: ConversationKey) -> ConversationKey? {
        guard conversation.wholeChat == from else { return nil }
        return ConversationKey(
            platform: to.platform, account: to.account, chat: to.chat, thread: conversation.thread,
            person: conversation.person)
    }
}

/// How a chat is to be moved.
package struct ChatMoveOrder: Sendable {
    package let move: ChatMove
    /// The chat's entry of the allow-list as it was and as it is now.
    package let oldSpace: String
    package let newSpace: String
    /// Stored where no permission for the old entry is: for a chat that the configuration lets in under its old name.
    package let grant: AccessGrant?
    package let at: Timestamp
    /// What an address of the chat is now; its platform alone can tell.
    package let readdress: @Sendable (ReplyAddress) -> ReplyAddress

    package init(
        _ move: ChatMove, oldSpace: String, newSpace: String, grant: AccessGrant?, at: Timestamp,
        readdress: @escaping @Sendable (ReplyAddress) -> ReplyAddress
    ) {
        self.move = move
        self.oldSpace = oldSpace
        self.newSpace = newSpace
        self.grant = grant
        self.at = at
        self.readdress = readdress
    }

    /// The event as it would have come from where the chat is now; nil for one of another chat.
    package func moved(_ event: InboundEvent) -> InboundEvent? {
        guard let conversation = move.newName(of: event.conversation) else { return nil }
        var scope = event.scope
        if case .shared(oldSpace, let title) = scope { scope = .shared(space: newSpace, title: title) }
        return InboundEvent(
            externalID: event.externalID, conversation: conversation, scope: scope, isAddressed: event.isAddressed,
            speaker: event.speaker, receivedAt: event.receivedAt, replyAddress: readdress(event.replyAddress),
            body: event.body, references: event.references ?? [])
    }
}

/// What moved with a chat.
package struct MovedChat: Sendable, Equatable {
    package var sessions = 0
    /// Sessions that had begun under the new name and were added to those that moved.
    package var joined = 0
    /// Events that wait.
    package var events = 0
    /// Replies that have not arrived.
    package var rows = 0
    package var grants = 0

    package init() {}

    package var isNothing: Bool { self == MovedChat() }
}

/// What happens to a chat as a whole: each use case is one transaction.
package protocol ChatStore: Sendable {
    /// Gives everything of a chat its new name: sessions, events that wait, replies that have not arrived, and permissions. To do it again
    /// changes nothing.
    ///
    /// A conversation that has a session under both names keeps the older one, with its memory, and the messages of the other follow
    /// those in it; if the other was reset since it began, the older one is cleared first. Messages that stand cannot be edited any more,
    /// so a reply whose preview stands is sent anew.
    func move(_ order: ChatMoveOrder) async throws(StoreError) -> MovedChat

    /// Ends what there is to do in a conversation that cannot be reached: its running turns, events that wait, and replies that have not
    /// arrived. What came too late to be lost with it stays, see `LostChat`, and so do commands that clear the chat.
    func endWork(in chat: LostChat, at now: Timestamp) async throws(StoreError) -> EndedWork
}
