import BotCore
import BotTestSupport

/// Lets people in many Discord chats talk to the real executable while the gateway is lost again and again in every way that it can be, and
/// REST fails at random, and counts what became of their messages.
struct DiscordTrafficRun {
    /// The ways in which REST fails, each with the same share of the requests.
    static let kinds: [(name: String, fault: FakeDiscordFault)] = [
        ("limited", .limited(.seconds(1))), ("shared", .limited(.seconds(1), scope: "shared")),
        ("error", .status(500)), ("page", .page(502)), ("lost", .lost), ("answer_lost", .answerLost),
        ("answer_replaced", .answerReplaced(504)),
    ]

    /// The ways in which the gateway is lost.
    enum Loss: String, CaseIterable, Sendable {
        case close4000, close4001, close4002, close4003, close4005, close4007, close4008, close4009, end1000, cut
        case opcode7, opcode9Resumable, opcode9, mute

        func happen(to discord: FakeDiscord) {
            switch self {
            case .close4000: discord.closeAll(4000)
            case .close4001: discord.closeAll(4001)
            case .close4002: discord.closeAll(4002)
            case .close4003: discord.closeAll(4003)
            case .close4005: discord.closeAll(4005)
            case .close4007: discord.closeAll(4007)
            case .close4008: discord.closeAll(4008)
            case .close4009: discord.closeAll(4009)
            case .end1000: discord.endSessions(closing: 1000)
            case .cut: discord.dropAll()
            case .opcode7: discord.askReconnect()
            case .opcode9Resumable: discord.invalidate(resumable: true)
            case .opcode9: discord.invalidate(resumable: false)
            case .mute: discord.muteAll()
            }
        }

        /// Whether a new session is needed: an identify.
        var costsIdentify: Bool {
            switch self {
            case .close4003, .close4005, .close4007, .end1000, .opcode9: true
            default: false
            }
        }
    }

    let chats: Int
    /// How long people write.
    let span: Duration
    /// How long a chat is quiet between two messages, on average.
    let pause: Duration
    /// How long the gateway is left alone between two losses.
    let calm: Duration
    /// The share of each kind of REST fault, in thousandths.
    let perThousand: Int
    let seed: UInt64
    /// Whether it tells each minute how far it is.
    let isLong: Bool
    /// How long the last answers may take.
    var patience = Duration.seconds(600)

    /// What came out, besides what `TrafficFigures` has.
    struct Outcome: Sendable {
        var figures = TrafficFigures()
        var losses: [String: Int] = [:]
        var identifies = 0
        var resumes = 0
        /// How many identifies the losses may cost: one each, and one for the start; and one more for each, since Discord may refuse the first.
        var identifiesAllowed = 0
        var rateLimited = 0

        var line: String {
            let ways = losses.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }.joined(separator: ",")
            return figures.line + " losses=\(ways) identifies=\(identifies)/\(identifiesAllowed) resumes=\(resumes) "
                + "over_the_limits=\(rateLimited)"
        }
    }

    func run() async throws -> Outcome {
        try await TemporaryDirectory.with { folder in
            try await withFakeDiscord { discord in
                try await withFakeModelServer { model in
                    var home = BotHome(folder)
                    try await home.connect(discord: discord, model: model)
                    home.environment["ACCESS_ALLOW"] = "*"
                    discord.setHeartbeatInterval(isLong ? 5000 : 1500)
                    discord.setIdentifyGap(.seconds(5))
                    model.setFallback { call in
                        let number = call.question.flatMap(NumberedAnswer.number)
                        return number.map { NumberedAnswer(number: $0).streamed } ?? ModelAnswer("no number")
                    }
                    return try await play(discord, home)
                }
            }
        }
    }

    private func play(_ discord: FakeDiscord, _ home: BotHome) async throws -> Outcome {
        let time = SystemTime()
        let start = time.uptime
        let ledger = DiscordTrafficLedger(discord: discord, chats: chats)
        let (random, faults) = (Lock(SeededRandom(seed: seed)), Lock<[String: Int]>([:]))
        var outcome = Outcome()
        try await home.withBot { bot in
            try await within(.seconds(60), "the first session") { try await discord.until { $0.isReady } }
            discord.failAtRandom { [perThousand] name in
                guard name.contains("/channels/") else { return nil }
                let number = random.withLock { Int.random(in: 0..<1000, using: &$0) }
                guard number < perThousand * Self.kinds.count else { return nil }
                let kind = Self.kinds[number / max(1, perThousand)]
                faults.withLock { $0[kind.name, default: 0] += 1 }
                return kind.fault
            }
            try await talk(ledger, discord, bot, &outcome)
            let end = time.uptime
            discord.failAtRandom { _ in nil }
            outcome.figures.problems += try await ledger.comeToRest(within: patience)
            outcome.figures.rest = Int((time.uptime - end) / .seconds(1))
            try await outcome.figures.problems += Leftovers.problems(in: home, within: .seconds(60))
            bot.terminate()
            let exit = try await within(.seconds(20), "the end") { try await bot.end() }
            if exit != .status(0) { outcome.figures.problems.append("it ended with \(exit): \(bot.complaints)") }
        }
        outcome.figures.asked = ledger.askedCount
        for (chat, audit) in ledger.audits {
            outcome.figures.answered += audit.answered
            outcome.figures.labelled += audit.labelled
            outcome.figures.repeats += audit.repeats
            outcome.figures.problems += audit.verdict.map { "chat \(chat): \($0)" }
        }
        outcome.figures.requests = discord.requests().count
        outcome.figures.faults = faults.withLock { $0 }
        // An answer that was lost had the state of the limits in it, so to go a little over them cannot be avoided.
        let (limits, others) = (
            discord.violations.filter { $0.hasPrefix("rate limit") },
            discord.violations.filter { !$0.hasPrefix("rate limit") }
        )
        outcome.rateLimited = limits.count
        outcome.figures.problems += others.map { "Discord: \($0)" }
        (outcome.identifies, outcome.resumes) = (discord.identifyCount, discord.resumeCount)
        outcome.figures.seconds = Int((time.uptime - start) / .seconds(1))
        return outcome
    }

    /// Lets all chats talk, and the gateway be lost, until the span is over.
    private func talk(
        _ ledger: DiscordTrafficLedger, _ discord: FakeDiscord, _ bot: BotProcess, _ outcome: inout Outcome
    ) async throws {
        let time = SystemTime()
        // A chat exists for the bot only once somebody has talked there while there was a session.
        for place in 0..<chats { ledger.ask(in: place) }
        try await ledger.isHeard(within: patience)
        let end = time.uptime + span
        let losses = Lock<[Loss: Int]>([:])
        let talk = TrafficTalk(name: "discord", pause: pause, seed: seed, end: end)
        let measured = try await withThrowingTaskGroup(of: (memory: [Int], backlog: [Int])?.self) { group in
            for place in 0..<chats {
                group.addTask {
                    try await talk.write(in: place) { ledger.ask(in: $0) }
                    return nil
                }
            }
            group.addTask { [seed, calm] in
                var random = SeededRandom(seed: seed)
                var ways: [Loss] = []
                while time.uptime + calm < end {
                    try await time.sleep(for: calm)
                    // Each way once before one comes again.
                    if ways.isEmpty { ways = Loss.allCases.shuffled(using: &random) }
                    let loss = ways.removeLast()
                    losses.withLock { $0[loss, default: 0] += 1 }
                    loss.happen(to: discord)
                }
                return nil
            }
            group.addTask { [isLong] in
                try await talk.watch(bot, backlog: { ledger.backlog }, isTold: isLong) {
                    "messages=\(ledger.askedCount) identifies=\(discord.identifyCount) resumes=\(discord.resumeCount)"
                }
            }
            return try await group.reduce(into: (memory: [Int](), backlog: [Int]())) { $0 = $1 ?? $0 }
        }
        (outcome.figures.memory, outcome.figures.backlog) = measured
        outcome.losses = Dictionary(uniqueKeysWithValues: losses.withLock { $0 }.map { ($0.key.rawValue, $0.value) })
        outcome.identifiesAllowed = 1 + 2 * losses.withLock { $0.filter(\.key.costsIdentify).values.reduce(0, +) }
    }
}
