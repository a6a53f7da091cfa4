import BotCore
import BotTestSupport

/// Lets people in many Telegram chats talk to the real executable while Telegram fails at random in every way that it can, and counts what
/// became of their messages.
struct TrafficRun {
    /// The kinds of faults, each with the same share of the requests.
    static let kinds: [(name: String, fault: FakeTelegramFault)] = [
        ("flood", .flood(1)), ("error", .error(500, "Internal Server Error")),
        ("page", .body(status: 502, "<html><body>Bad Gateway</body></html>")), ("cut", .cutJSON), ("reset", .reset),
        ("lost", .resetAfterwards), ("silence", .hang),
    ]
    /// What goes wrong: all that is called again and again.
    static let methods: Set<String> = [
        "getUpdates", "sendMessage", "editMessageText", "sendMessageDraft", "sendChatAction", "setMessageReaction",
    ]

    let chats: Int
    /// How long people write.
    let span: Duration
    /// How long a chat is quiet between two messages, on average.
    let pause: Duration
    /// The share of each kind of fault, in thousandths.
    let perThousand: Int
    let seed: UInt64
    /// Whether the faults go on until all is answered. Otherwise they end with the talk, which ends sooner then.
    var isLong = true
    /// How long the last answers may take.
    var patience = Duration.seconds(900)

    func run() async throws -> TrafficFigures {
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

    private func play(_ telegram: FakeTelegram, _ home: BotHome) async throws -> TrafficFigures {
        let time = SystemTime()
        let start = time.uptime
        let ledger = TrafficLedger(telegram: telegram, chats: chats)
        let (random, faults) = (Lock(SeededRandom(seed: seed)), Lock<[String: Int]>([:]))
        telegram.failAtRandom { [perThousand, isLong] method in
            guard Self.methods.contains(method) else { return nil }
            let number = random.withLock { Int.random(in: 0..<1000, using: &$0) }
            guard number < perThousand * Self.kinds.count else { return nil }
            let kind = Self.kinds[number / max(1, perThousand)]
            // A poll that hangs stops all for longer than a short run lasts.
            if !isLong, method == "getUpdates", kind.fault == .hang { return nil }
            faults.withLock { $0[kind.name, default: 0] += 1 }
            return kind.fault
        }
        var figures = TrafficFigures()
        try await home.withBot { bot in
            (figures.memory, figures.backlog) = try await talk(ledger, bot)
            let end = time.uptime
            if !isLong { telegram.endFaults() }
            figures.problems += try await ledger.comeToRest(
                within: patience, quietAfter: isLong ? .seconds(120) : .seconds(10))
            figures.rest = Int((time.uptime - end) / .seconds(1))
            telegram.endFaults()
            // The last answers stand; that they do may still have to be written.
            figures.problems += try await Leftovers.problems(in: home, within: .seconds(60))
            bot.terminate()
            let exit = try await within(.seconds(20), "the end") { try await bot.end() }
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
        figures.problems += try await Leftovers.problems(in: home, within: .zero)
        figures.seconds = Int((time.uptime - start) / .seconds(1))
        return figures
    }

    /// Lets all chats talk until the span is over; returns the bot's memory and how much was not answered, each minute.
    private func talk(_ ledger: TrafficLedger, _ bot: BotProcess) async throws -> (memory: [Int], backlog: [Int]) {
        let time = SystemTime()
        let end = time.uptime + span
        let talk = TrafficTalk(name: "telegram", pause: pause, seed: seed, end: end)
        return try await withThrowingTaskGroup(of: (memory: [Int], backlog: [Int])?.self) { group in
            for place in 0..<chats {
                group.addTask {
                    try await talk.write(in: place) { ledger.ask(in: $0) }
                    return nil
                }
            }
            group.addTask { [isLong] in
                try await talk.watch(bot, backlog: { ledger.backlog }, isTold: isLong) {
                    "messages=\(ledger.askedCount)"
                }
            }
            return try await group.reduce(into: ([], [])) { $0 = $1 ?? $0 }
        }
    }
}
