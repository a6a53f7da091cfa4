import BotCore
import BotSessions
import Logging

/// What happens to a chat as a whole.
extension ConversationServices {
    /// Ends what there is to do in a conversation that cannot be reached. Nothing is remembered: the next message from there is answered
    /// like any other.
    func endWork(in chat: LostChat) async throws(StoreError) {
        let ended = try await patiently { () async throws(StoreError) in
            try await store.endWork(in: chat, at: time.now)
        }
        // Events that are still in their lanes have ended in the store, which is asked before a turn begins.
        if !ended.turns.isEmpty { sessions.letGo(ofChats: [chat.conversation.wholeChat]) }
        for turn in ended.turns { delivery.replyEnds(turn) }
        _ = lanes.interrupt(Set(ended.turns), .reset)
        guard !ended.events.isEmpty else { return }
        logger.info(
            "nothing more is done for a chat that cannot be reached",
            metadata: ["chat": "\(chat.conversation)", "events": "\(ended.events.count)", "reason": "\(chat.reason)"])
    }

    /// Gives a chat its new name: first in the store, then wherever something of it is in memory.
    func move(_ move: ChatMove) async throws(StoreError) {
        let platform = move.from.platform
        let (old, new) = (
            AccessEntry.chat(move.from.chat, on: platform), AccessEntry.chat(move.to.chat, on: platform)
        )
        let order = ChatMoveOrder(
            move, oldSpace: old, newSpace: new, grant: access.grant(for: new, insteadOf: old), at: time.now
        ) { [delivery] in delivery.address($0, in: move.to.chat, on: platform) }
        let moved = try await patiently { () async throws(StoreError) in try await store.move(order) }
        movedChats.add(order)
        access.moved(old, to: new)
        sessions.letGo(ofChats: [move.from, move.to])
        lanes.move(order)
        delivery.chatMoved(move)
        guard !moved.isNothing else { return }
        logger.notice(
            "chat moved",
            metadata: [
                "chat": "\(move.from)", "chat.new": "\(move.to)", "sessions": "\(moved.sessions)",
                "sessions.joined": "\(moved.joined)", "events": "\(moved.events)", "rows": "\(moved.rows)",
            ])
    }
}
