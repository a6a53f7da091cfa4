import BotCore
import BotTestSupport

/// Lets people in many Telegram chats talk to the real executable while Telegram fails at random in every way that it can, and counts what
/// became of their messages.
struct TrafficRun {
    /// What came out.
    struct Figures: Sendable {
        var asked = 0
        var answered = 0
        var labelled = 0
        var repeats = 0
        /// Requests that went wrong, by the kind of fault.
        var faults: [String: Int] = [:]
        var requests = 0
        /// The bot's resident memory in MiB: each minute.
        var memory: [Int] = []
        var seconds = 0
        /// What was lost, repeated, out of order or left unfinished, and whatever else is wrong.
        var problems: [String] = []

        /// One line for a person and for a script.
        var line: String {
            let kinds = faults.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }.joined(separator: ",")
            return "messages=\(asked) answered=\(answered) labelled=\(labelled) labelled_repeats=\(repeats) "
                + "requests=\(requests) faults=\(kinds) memory_mib=\(memory.map(String.init).joined(separator: ",")) "
                + "problems=\(problems.count) seconds=\(seconds)"
        }
    }

    /// The kinds of faults, each with the same share of the requests.
    static let kinds: [(name: String, fault: FakeTelegramFault)] = [
        ("flood", .flood(1)), ("error", .error(500, "Internal Server Error")),
        ("page", .body(status: 502, "<html><body>Bad Gateway</body></html>")), ("cut", .cutJSON), ("reset", .reset),
        ("lost", .resetAfterwards), ("silence", .hang),
    ]
    /// What goes wrong: all that is called again and again.
    static let methods: Set<String> = [
        "getUpdates", "sendMessage", "editMessageText", "sendMessageDraft", "sendChatAction",
    ]

    let chats: Int
    /// How long people write.
    let span: Duration
    /// How long a chat is quiet between two messages, on average.
    let pause: Duration
    /// The share of each kind of fault, in thousandths.
    let perThousand: Int
    let seed: UInt64
    /// How long the last answers may take.
    var patience = Duration.seconds(180)

    func run() async throws -> Figures {
        try await TemporaryDirectory.with { folder in
            try await withFakeTelegram { telegram in
                try await withFakeModelServer { model in
                    var home = BotHome(folder)
                    try await home.connect(telegram: telegram, model: model)
                    home.environment["ACCESS_ALLOW"] = "*"
                    home.environment["TELEGRAM_POLL_TIMEOUT_SECONDS"] = "5"
                    model.setFallback { call in
                        let number = call.question.flatMap(NumberedAnswer.number)
                        return number.map { NumberedAnswer(number: $0).streamed } ?? ModelAnswer("no number")
                    }
                    return try await play(telegram, home)
                }
            }
        }
    }

    private func play(_ telegram: FakeTelegram, _ home: BotHome) async throws -> Figures {
        let time = SystemTime()
        let start = time.uptime
        let ledger = TrafficLedger(telegram: telegram, chats: chats)
        let (random, faults) = (Lock(SeededRandom(seed: seed)), Lock<[String: Int]>([:]))
        telegram.failAtRandom { [perThousand] method in
            guard Self.methods.contains(method) else { return nil }
            let number = random.withLock { Int.random(in: 0..<1000, using: &$0) }
            guard number < perThousand * Self.kinds.count else { return nil }
            let kind = Self.kinds[number / max(1, perThousand)]
            faults.withLock { $0[kind.name, default: 0] += 1 }
            return kind.fault
        }
        var figures = Figures()
        try await home.withBot { bot in
            figures.memory = try await talk(ledger, bot)
            let isDone = try await ledger.isAnswered(within: patience)
            if !isDone { figures.problems.append("not all was answered in time") }
            telegram.endFaults()
            bot.terminate()
            let exit = try await within(.seconds(15), "the end") { try await bot.end() }
            if exit != .status(0) { figures.problems.append("it ended with \(exit): \(bot.complaints)") }
        }
        figures.asked = ledger.askedCount
        for (chat, audit) in ledger.audits {
            figures.answered += audit.answered
            figures.labelled += audit.labelled
            figures.repeats += audit.repeats
            figures.problems += audit.verdict.map { "chat \(chat): \($0)" }
        }
        figures.requests = telegram.requestCount
        figures.faults = faults.withLock { $0 }
        figures.problems += telegram.violations.map { "Telegram: \($0)" }
        let leftovers = try await KillRun.leftovers(in: home.folder.file("data/mybot.db"))
        if leftovers > 0 { figures.problems.append("\(leftovers) events and rows are left in the database") }
        figures.seconds = Int((time.uptime - start) / .seconds(1))
        return figures
    }

    /// Lets all chats talk until the span is over; returns the bot's memory, each minute.
    private func talk(_ ledger: TrafficLedger, _ bot: BotProcess) async throws -> [Int] {
        let time = SystemTime()
        let end = time.uptime + span
        return try await withThrowingTaskGroup(of: [Int].self) { group in
            for place in 0..<chats {
                group.addTask { [seed, pause] in
                    var random = SeededRandom(seed: seed &+ UInt64(place) &* 7919)
                    // Not all at once.
                    try await time.sleep(for: pause * Double.random(in: 0..<1, using: &random))
                    while time.uptime < end {
                        // Now and then somebody writes again before the answer is there.
                        for _ in 0..<(Int.random(in: 0..<8, using: &random) == 0 ? 3 : 1) { ledger.ask(in: place) }
                        try await time.sleep(for: pause * Double.random(in: 0.5..<1.5, using: &random))
                    }
                    return []
                }
            }
            group.addTask {
                var memory: [Int] = []
                let soak = Soak("telegram", total: Int(end / .seconds(1)))
                while time.uptime < end {
                    try await time.sleep(untilUptime: min(end, time.uptime + .seconds(60)))
                    memory.append((bot.residentBytes ?? 0) >> 20)
                    soak.tell("messages=\(ledger.askedCount) memory_mib=\(memory.last ?? 0)")
                }
                return memory
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
    }
}

/// What was asked in which chat, and what stands there.
final class TrafficLedger: Sendable {
    private struct Asked {
        var lastNumber = 0
        var numbers: [Int64: [Int]] = [:]
    }

    private let telegram: FakeTelegram
    private let chats: [Int64]
    private let asked = Lock(Asked())

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

    var audits: [(chat: Int64, audit: ChatAudit)] {
        let sent = telegram.sentTexts
        let numbers = asked.withLock { $0.numbers }
        return chats.map { chat in
            (chat, ChatAudit(asked: numbers[chat] ?? [], messages: sent[chat] ?? [], mayRepeat: true))
        }
    }

    /// Waits until all that was asked is answered, or something is wrong, or the time is over.
    func isAnswered(within limit: Duration) async throws -> Bool {
        let time = SystemTime()
        let deadline = time.uptime + limit
        while time.uptime < deadline {
            let audits = self.audits
            if audits.allSatisfy(\.audit.isComplete) { return true }
            if audits.contains(where: { !$0.audit.problems.isEmpty }) { return false }
            try await time.sleep(for: .milliseconds(500))
        }
        return false
    }
}
