import BotCore
import BotStore

extension UnsteadyStore {
    func move(_ order: ChatMoveOrder) async throws(StoreError) -> MovedChat {
        try await call("move") { () async throws(StoreError) in try await base.move(order) }
    }

    func endWork(
        in conversation: ConversationKey, wholeChat: Bool, before event: InboxID?, reason: String, at now: Timestamp
    ) async throws(StoreError) -> EndedWork {
        try await call("endWork") { () async throws(StoreError) in
            try await base.endWork(in: conversation, wholeChat: wholeChat, before: event, reason: reason, at: now)
        }
    }
}
