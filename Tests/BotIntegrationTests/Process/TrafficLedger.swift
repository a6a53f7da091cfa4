import BotCore
import BotTestSupport

/// What was asked in which chat, and what stands there.
final class TrafficLedger: Sendable {
    private struct Asked {
        var lastNumber = 0
        var numbers: [Int64: [Int]] = [:]
    }

    /// What is known of a chat, and when it was last otherwise.
    private struct Seen {
        var actions = 0
        var audit = ChatAudit(asked: [], messages: [], mayRepeat: true)
        var changedAt = Duration.zero
    }

    private let telegram: FakeTelegram
    private let chats: [Int64]
    private let time = SystemTime()
    private let asked = Lock(Asked())
    private let seen = Lock<[Int64: Seen]>([:])

    /// Every twentieth chat is a group.
    init(telegram: FakeTelegram, chats count: Int) {
        self.telegram = telegram
        chats = (0..<count).map { (place: Int) -> Int64 in
            place % 20 == 19 ? -1_001_000_000_000 - Int64(place) : Int64(1000 + place)
        }
        for chat in chats where chat < 0 { telegram.group(chat) }
    }

    func ask(in place: Int) {
        let chat = chats[place]
        // Under the lock, so that the order in the ledger is that in the chat.
        asked.withLock { asked in
            asked.lastNumber += 1
            asked.numbers[chat, default: []].append(asked.lastNumber)
            let question = NumberedAnswer.question(asked.lastNumber)
            if chat < 0 {
                telegram.user(5).say("@\(telegram.username) \(question)", in: chat)
            } else {
                telegram.user(chat).say(question)
            }
        }
    }

    var askedCount: Int { asked.withLock { $0.lastNumber } }

    /// How many are not answered.
    var backlog: Int { look().reduce(0) { $0 + $1.audit.asked.count - $1.audit.answered } }

    var audits: [(chat: Int64, audit: ChatAudit)] { look().map { ($0.chat, $0.audit) } }

    /// Reads the chats in which something has happened since the last look: reading all of them takes seconds after half an hour.
    private func look() -> [(chat: Int64, audit: ChatAudit, changedAt: Duration)] {
        let actions = telegram.actionCounts
        let numbers = asked.withLock { $0.numbers }
        return seen.withLock { seen in
            let news = chats.filter { chat in
                let known = seen[chat] ?? Seen()
                return known.actions != actions[chat] ?? 0 || known.audit.asked.count != numbers[chat]?.count ?? 0
            }
            let texts = telegram.sentTexts(in: Set(news))
            for chat in news {
                seen[chat] = Seen(
                    actions: actions[chat] ?? 0,
                    audit: ChatAudit(asked: numbers[chat] ?? [], messages: texts[chat] ?? [], mayRepeat: true),
                    changedAt: time.uptime)
            }
            return chats.map { chat in
                let known = seen[chat] ?? Seen()
                return (chat, known.audit, known.changedAt)
            }
        }
    }

    /// Waits until all that was asked is answered, or the time is over. In a chat with a problem nothing more is waited for once the bot has
    /// done nothing there for a while.
    ///
    /// - Returns: what is wrong with the wait: which chats are not through.
    func comeToRest(within limit: Duration, quietAfter quiet: Duration) async throws -> [String] {
        let deadline = time.uptime + limit
        while true {
            let now = time.uptime
            let open = look().filter { chat in
                if chat.audit.problems.isEmpty { return !chat.audit.isComplete }
                return chat.changedAt + quiet > now
            }
            if open.isEmpty { return [] }
            if now >= deadline {
                let count = open.reduce(0) { $0 + $1.audit.asked.count - $1.audit.answered }
                let names = open.prefix(20).map { "\($0.chat)" }.joined(separator: " ")
                return ["\(count) answers did not come in time, in \(open.count) chats: \(names)"]
            }
            try await time.sleep(for: .milliseconds(500))
        }
    }
}
