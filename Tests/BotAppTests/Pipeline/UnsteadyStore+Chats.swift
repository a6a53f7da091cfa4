import BotCore
import BotStore

extension UnsteadyStore {
    func move(_ order: ChatMoveOrder) async throws(StoreError) -> MovedChat {
        try await call("move") { () async throws(StoreError) in try await base.move(order) }
    }

    func endWork(in chat: LostChat, at now: Timestamp) async throws(StoreError) -> EndedWork {
        try await call("endWork") { () async throws(StoreError) in try await base.endWork(in: chat, at: now) }
    }
}
