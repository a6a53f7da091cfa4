import BotCore
import BotStore
import BotTestSupport
import Testing

/// However many ask at once, whatever fails and whenever the program dies: no budget is passed, and no reservation is left behind.
///
/// `MYBOT_SOAK_BUDGETS` (rounds) and `MYBOT_SOAK_SEED` make it longer and different: see `.ci/soak`.
@Suite(.timeLimit(.minutes(120)))
struct BudgetRaceTests {
    private static let soaked = Soak.number("MYBOT_SOAK_BUDGETS")
    private static let rounds = soaked ?? 1
    private static let seed = Soak.number("MYBOT_SOAK_SEED") ?? 20_261_129
    private static let people = 50
    private static let turnsOfEach = 10
    private static let kills = 3

    struct Figures: Sendable {
        var rounds = 0
        var turns = 0
        var calls = 0
        var kills = 0
        /// Reservations that a dead process had left, and that the next start has settled.
        var leftByKills = 0
        var refused = 0
        var problems: [String] = []

        var line: String {
            "rounds=\(rounds) turns=\(turns) calls=\(calls) kills=\(kills) left_by_kills=\(leftByKills) "
                + "refused=\(refused) problems=\(problems.count)"
        }
    }

    @Test func noBudgetIsPassedAndNoReservationIsLeft() async throws {
        let soak = Soak("budgets", total: Self.rounds)
        var figures = Figures()
        for round in 0..<Self.rounds where figures.problems.count < 20 {
            try await Self.run(seed: UInt64(Self.seed) &* 1_000_003 &+ UInt64(round), into: &figures)
            soak.did(1, problems: figures.problems.count)
        }
        if Self.soaked != nil {
            Soak.print("soak budgets seed=\(Self.seed) \(figures.line) seconds=\(soak.seconds)")
            for problem in figures.problems { Soak.print("soak budgets problem: \(problem)") }
        }
        #expect(figures.problems.prefix(5).isEmpty, "seed \(Self.seed): \(figures.problems.prefix(5))")
        #expect(figures.calls > figures.rounds * 100, "models were asked")
        #expect(figures.refused > 0, "the edge was reached")
        #expect(figures.kills > 0 && figures.leftByKills > 0, "processes died with calls under way")
    }

    private static func run(seed: UInt64, into figures: inout Figures) async throws {
        var random = SeededRandom(seed: seed)
        let truth = Lock(FickleModel.Truth())
        let time = ManualTime()
        var events = events().shuffled(using: &random)
        var problems: [String] = []
        try await TemporaryDirectory.with { directory in
            let path = directory.file("mybot.db")
            for life in 0...kills {
                let world = try BudgetWorld(path: path, seed: seed &+ UInt64(life * 10), truth: truth, time: time)
                let begun = try await world.base.spending(limit: 1, at: time.now)
                if begun.reservedCalls != 0 {
                    problems.append("life \(life) began with \(begun.reservedCalls) reservations")
                }
                let isLast = life == kills
                // All at once in the first life; the others go on with what is left.
                let rounds = isLast ? nil : Int.random(in: 1..<8, using: &random)
                let isDone = try await world.live(events, rounds: rounds)
                events = []
                let report = try await world.base.spending(limit: 1000, at: time.now)
                problems += check(report, truth.withLock { $0 }, isOver: isDone).map { "life \(life): \($0)" }
                figures.leftByKills += isDone ? 0 : report.reservedCalls
                figures.kills += isDone ? 0 : 1
                if isLast, !isDone { problems.append("not done") }
                figures.refused += isDone ? try await refusals(in: world.base) : 0
                try world.base.close()
            }
        }
        figures.rounds += 1
        figures.turns += people * turnsOfEach
        figures.calls += truth.withLock { $0.calls }
        figures.problems += problems
    }

    /// Each person asks in ten conversations at once, half of them in private and half in the topics of a group.
    private static func events() -> [InboundEvent] {
        (0..<people).flatMap { person in
            (0..<turnsOfEach).map { number in
                let isShared = number.isMultiple(of: 2)
                let chat = isShared ? "-\(1 + person % 5)" : "\(person + 1)"
                return InboundEvent(
                    externalID: "e\(person)/\(number)",
                    conversation: ConversationKey(
                        platform: .telegram, account: "9", chat: chat, thread: "\(person * 100 + number + 1)"),
                    scope: isShared ? .shared(space: "telegram:chat:\(chat)", title: "Crew") : .direct,
                    isAddressed: true, speaker: Speaker(id: "\(person + 1)", name: "P\(person)"),
                    receivedAt: Timestamp(rawValue: 1_790_000_000_000), replyAddress: ReplyAddress(rawValue: chat),
                    body: .message(
                        InboundMessage(text: Array(repeating: "question", count: 30).joined(separator: " "))))
            }
        }
    }

    /// What is spent may be more than it really was, and never more than a cap.
    private static func check(_ report: SpendingReport, _ truth: FickleModel.Truth, isOver: Bool) -> [String] {
        var problems: [String] = []
        if isOver, report.reservedCalls != 0 { problems.append("\(report.reservedCalls) reservations are left") }
        func check(_ name: String, _ spent: Int, _ real: Int, _ scope: BudgetCap.Scope) {
            for cap in BudgetWorld.caps where cap.scope == scope {
                if spent > cap.limit { problems.append("\(name) has spent \(spent) of \(cap.limit)") }
                if real > cap.limit { problems.append("\(name) has really spent \(real) of \(cap.limit)") }
            }
            // Of what is under way nothing is booked yet.
            if isOver, spent < real { problems.append("\(name) has spent \(real), and \(spent) are known") }
        }
        let people = Dictionary(uniqueKeysWithValues: report.people.map { ($0.name, $0.spent.today.allTokens) })
        let chats = Dictionary(uniqueKeysWithValues: report.chats.map { ($0.name, $0.spent.today.allTokens) })
        for (name, real) in truth.people { check(name, people[name] ?? 0, real, .person) }
        for (name, real) in truth.chats { check(name, chats[name] ?? 0, real, .chat) }
        check("all", report.all.thisMonth.allTokens, truth.all, .all)
        return problems
    }

    private static func refusals(in store: SQLiteStore) async throws -> Int {
        var refused = 0
        var last: OutboxID?
        while true {
            let rows = try await store.ready(on: .telegram, after: last, limit: 500)
            refused += rows.count { $0.payload?.text.contains("It begins anew") == true }
            guard let end = rows.last else { return refused }
            last = end.id
        }
    }
}
