package import BotCore
import Logging

extension SessionManager {
    /// What a button of a conversation means now (see `ButtonStore.standing`).
    package func standing(
        of action: ReplyAction, in conversation: ConversationKey
    ) async throws(StoreError) -> ButtonStanding? {
        try await store.standing(of: action, in: conversation, at: time.now, undoWithin: Self.undoPeriod)
    }

    /// Takes one certain reset back (see `ButtonStore.undoReset`).
    package func undoReset(
        _ reset: InboxID, _ request: CommandRequest,
        confirmation: @escaping @Sendable (_ messages: Int) -> [RenderedChunk]
    ) async throws(StoreError) -> CommandOutcome {
        let restored = Lock<Int?>(nil)
        let outcome = try await store.undoReset(reset, request, within: Self.undoPeriod) { messages in
            restored.withLock { $0 = messages }
            return confirmation(messages)
        }
        if let session = outcome.session, let messages = restored.withLock({ $0 }) {
            cache.note(session)
            log.info("reset undone", ["session.id": "\(session.id)", "session.restored": "\(messages)"])
        }
        return outcome
    }
}
