import BotCore

/// Remembers which chats have moved in this run: a platform may hand out later what was written in them before.
final class MovedChats: Sendable {
    private let orders = Lock<[ConversationKey: ChatMoveOrder]>([:])

    /// A chat moves once in its life, so this stays small.
    func add(_ order: ChatMoveOrder) {
        orders.withLock { orders in
            orders[order.move.to] = nil
            orders[order.move.from] = order
        }
    }

    /// The event where its chat is now.
    func current(_ event: InboundEvent) -> InboundEvent {
        orders.withLock { $0[event.conversation.wholeChat] }?.moved(event) ?? event
    }
}
