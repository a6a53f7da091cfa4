import BotCore

/// All that the fake Telegram knows.
struct FakeTelegramState {
    struct Chat {
        var json: [String: JSONValue]
        var isPrivate: Bool
        var topics: Set<Int64> = []
        /// Why nothing can be sent there any more, in Telegram's words.
        var closed: String?
        var takesReactions = true
        /// The supergroup that the group has become.
        var movedTo: Int64?
        var administrators: Set<Int64> = []
    }

    struct Update {
        let id: Int64
        let json: JSONValue
    }

    struct ScheduledFault {
        let method: String
        let fault: FakeTelegramFault
        var left: Int
    }

    var chats: [Int64: Chat] = [:]
    var messages: [FakeTelegramMessage] = []
    var botMessages: Set<Int64> = []
    /// What the bot has set, by the message.
    var reactions: [Int64: String] = [:]
    var nextMessageID: Int64 = 1
    var actions: [Int64: [FakeTelegramAction]] = [:]
    var queue: [Update] = []
    var nextUpdateID: Int64 = 700_000_001
    var allowedUpdates: Set<String>?
    var webhook = ""
    var readsAllGroupMessages = false
    /// The lists of commands by scope and language, as `all_group_chats/de`.
    var menus: [String: [JSONValue]] = [:]
    var files: [String: FakeTelegramKeptFile] = [:]
    /// Raised by each poll, so that the one before it knows that it is replaced.
    var pollNumber = 0
    var presses: [FakeTelegramPress] = []
    /// So many of them are too old to be answered.
    var oldPresses = 0
    var faults: [ScheduledFault] = []
    var requests: [FakeTelegramRequest] = []
    var violations: [String] = []
    var watcher: (@Sendable (FakeTelegramRequest) -> Void)?
    /// Holds back the answers of requests that are refused.
    var refusalGate: Gate?
    var answerDelay: @Sendable (String) -> Duration = { _ in .zero }
    var randomFault: @Sendable (String) -> FakeTelegramFault? = { _ in nil }

    /// Where a message stands in `messages`, which are in the order of their ids; nil when there is none in the chat.
    func index(of message: Int64?, in chat: Int64) -> Int? {
        guard let message else { return nil }
        var (low, high) = (0, messages.count)
        while low < high {
            let middle = (low + high) / 2
            if messages[middle].id < message { low = middle + 1 } else { high = middle }
        }
        return low < messages.count && messages[low].id == message && messages[low].chat == chat ? low : nil
    }

    mutating func takeFault(for method: String) -> FakeTelegramFault? {
        guard let index = faults.firstIndex(where: { $0.method == method && $0.left > 0 }) else {
            return randomFault(method)
        }
        faults[index].left -= 1
        return faults[index].fault
    }
}
