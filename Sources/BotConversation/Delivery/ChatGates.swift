import BotCore

/// Whose turn it is in each chat, and until when the chat takes nothing. The topics of a chat share both, for
/// platforms' flood limits count by chat. Pure.
struct ChatGates: Sendable {
    private struct Chat {
        var gate: Duration = .zero
        var pace = ChatPace()
        var busy: Busy?
        var waiting: [ConversationKey] = []

        func isIdle(at now: Duration) -> Bool {
            busy == nil && waiting.isEmpty && gate <= now && pace.isIdle(at: now)
        }
    }

    private struct Busy {
        let operation: UInt64
        let conversation: ConversationKey
        let since: Duration
        let isEphemeral: Bool
    }

    enum Turn: Equatable {
        /// Nothing is under way in the chat.
        case free
        /// Something is; the end of it wakes the conversation, or at the latest the given uptime.
        case wait(until: Duration?)
        /// A typing sign or draft of the conversation hangs: the final text goes without its answer.
        case letGo
    }

    private var chats: [ConversationKey: Chat] = [:]
    private var sweepAt = 1024

    /// Until when the chat takes nothing, as uptime.
    func gate(of key: ConversationKey) -> Duration { chats[key.wholeChat]?.gate ?? .zero }

    /// Closes the chat; an earlier, longer wait stands.
    mutating func close(_ key: ConversationKey, until: Duration) {
        var chat = chats[key.wholeChat, default: Chat()]
        chat.gate = max(chat.gate, until)
        chats[key.wholeChat] = chat
    }

    /// Closes the chat after a 429, and remembers that it takes less than was thought.
    mutating func flooded(_ key: ConversationKey, until: Duration) {
        close(key, until: until)
        chats[key.wholeChat]?.pace.flooded(until: until)
    }

    /// Before when the chat takes no message, by what earlier 429s have taught.
    func pace(of key: ConversationKey) -> Duration { chats[key.wholeChat]?.pace.messageDue ?? .zero }

    /// Before when the chat takes no preview that makes or edits a message.
    func frameDue(in key: ConversationKey, at now: Duration, perMinute: Int?) -> Duration {
        chats[key.wholeChat]?.pace.frameDue(at: now, perMinute: perMinute) ?? .zero
    }

    mutating func turn(of key: ConversationKey, hasFinalWork: Bool, at now: Duration, patience: Duration) -> Turn {
        guard let busy = chats[key.wholeChat]?.busy else { return .free }
        if busy.conversation == key {
            guard busy.isEphemeral, hasFinalWork else { return .wait(until: nil) }
            if now < busy.since + patience { return .wait(until: busy.since + patience) }
            chats[key.wholeChat]?.busy = nil
            return .letGo
        }
        if chats[key.wholeChat]?.waiting.contains(key) == false { chats[key.wholeChat]?.waiting.append(key) }
        return .wait(until: nil)
    }

    mutating func started(_ operation: DeliveryOperation, at now: Duration) {
        chats[operation.conversation.wholeChat, default: Chat()].busy = Busy(
            operation: operation.id, conversation: operation.conversation, since: now,
            isEphemeral: operation.work.isEphemeral)
        if operation.work.usesMessage { chats[operation.conversation.wholeChat]?.pace.used(at: now) }
    }

    /// Ends an operation's turn and returns the conversations that waited for it.
    mutating func finished(_ operation: DeliveryOperation) -> [ConversationKey] {
        let key = operation.conversation.wholeChat
        guard chats[key]?.busy?.operation == operation.id else { return [] }
        chats[key]?.busy = nil
        let waiting = chats[key]?.waiting ?? []
        chats[key]?.waiting = []
        return waiting
    }

    /// Drops what is known of a chat without a conversation, unless it is still closed.
    mutating func forget(_ key: ConversationKey, at now: Duration) {
        if let chat = chats[key.wholeChat], chat.isIdle(at: now) { chats[key.wholeChat] = nil }
        guard chats.count > sweepAt else { return }
        chats = chats.filter { !$0.value.isIdle(at: now) }
        sweepAt = max(1024, chats.count * 2)
    }
}
