package import BotCore

/// What the turn engine asks of delivery. `DeliveryEngine` does it for all platforms; tests of turns use a double.
package protocol ReplyDelivery: Sendable {
    /// Queues committed rows. Returns at once; the rows are durable already and arrive in order per conversation.
    func enqueue(_ rows: [OutboxRow])

    /// Begins to show that a reply is being made (typing, then previews) for a turn's first row.
    func replyBegins(_ row: OutboxRow)

    /// Shows the reply so far: the newest text wins, frames may be skipped.
    func preview(_ text: String, of turn: TurnID)

    /// Ends typing and previews of a turn. No preview frame is begun after this returns; one under way is finished first by
    /// the row's own gate, so that a final edit never comes before a preview.
    func replyEnds(_ turn: TurnID)

    /// Tells the platform that a press has been taken, with a notice for the person alone if there is one. Failures are let go.
    func answerPress(_ press: ButtonPress, of event: InboundEvent, notice: String?) async

    /// Takes the buttons off the message that was pressed, unless its chat is flood-limited. Failures are let go: old buttons do no harm.
    func removeButtons(under press: ButtonPress, of event: InboundEvent) async

    /// Whether the person at an address is shown that an answer comes, so that one has to.
    func awaitsAnswer(at address: ReplyAddress, on platform: Platform) -> Bool

    /// Shows on a person's message that it waits for its turn, or takes that sign away.
    ///
    /// - Returns: whether the sign may stand now. Failures are let go.
    func showWaiting(_ isWaiting: Bool, on event: InboundEvent, message: String) async -> Bool

    /// Whether a person is an administrator of a shared chat; nil when the platform does not say so within some seconds.
    func administers(_ person: Speaker, _ scope: ChatScope, on platform: Platform) async -> Bool?

    /// The private chat with somebody who has written in none; nil where none can be begun, or not within some seconds.
    func openPrivateChat(with person: String, on platform: Platform) async -> ConversationKey?

    /// The link that opens a private chat with the bot and sends `/start` with a code; nil where there is none.
    func startLink(with code: String, on platform: Platform) -> String?

    /// Where something goes in a conversation that answers nothing; nil when its platform is off.
    func address(of conversation: ConversationKey) -> ReplyAddress?

    /// Splits and renders a reply for a platform.
    func render(_ text: String, for platform: Platform) -> [RenderedChunk]

    /// What the platforms answered about chats, for one reader. It is bounded: what finds no room is learnt again with the next try.
    var chatNews: AsyncStream<ChatNews> { get }

    /// What an address is once its chat goes on under another id.
    func address(_ address: ReplyAddress, in newChat: String, on platform: Platform) -> ReplyAddress

    /// Takes the rows of a chat that has moved from the store again, where they have its new name. To be called after the commit.
    func chatMoved(_ move: ChatMove)
}

/// What delivery has found out about a chat.
package enum ChatNews: Sendable, Equatable {
    case unreachable(LostChat)
    case moved(ChatMove)
}

extension ReplyDelivery {
    package var chatNews: AsyncStream<ChatNews> { AsyncStream { $0.finish() } }

    package func address(_ address: ReplyAddress, in newChat: String, on platform: Platform) -> ReplyAddress { address }

    package func awaitsAnswer(at address: ReplyAddress, on platform: Platform) -> Bool { false }

    package func chatMoved(_ move: ChatMove) {}

    package func startLink(with code: String, on platform: Platform) -> String? { nil }

    package func openPrivateChat(with person: String, on platform: Platform) async -> ConversationKey? { nil }
}
