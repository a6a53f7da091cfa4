import BotCore
import BotStore
import BotTestSupport
import Testing

/// Whatever a reset meets (appends, streams, summaries, sends, other commands), nothing from before it comes after it.
///
/// `MYBOT_SOAK_RESETS` and `MYBOT_SOAK_SEED` make it longer and different: see `.ci/soak`.
@Suite(.timeLimit(.minutes(120)))
struct ResetRaceTests {
    private static let soaked = Soak.number("MYBOT_SOAK_RESETS")
    private static let trials = soaked ?? 40
    private static let seed = Soak.number("MYBOT_SOAK_SEED") ?? 20_261_123
    /// Trials that share a database.
    private static let batch = 25

    @Test("Invariant 9: after a reset nothing of before is shown, found, summarised or sent")
    func nothingOfBeforeComesAfterAReset() async throws {
        let (total, seed) = (Self.trials, Self.seed)
        let batches = (total + Self.batch - 1) / Self.batch
        let soak = Soak("resets", total: total)
        let figures = try await withThrowingTaskGroup(of: ResetFigures.self) { group in
            let lanes = min(2, batches)
            for lane in 0..<lanes {
                group.addTask {
                    var figures = ResetFigures()
                    for batch in stride(from: lane, to: batches, by: lanes) {
                        let trials = min(Self.batch, total - batch * Self.batch)
                        figures.add(try await Self.run(trials, seed: UInt64(seed) &* 1_000_003 &+ UInt64(batch)))
                        soak.did(trials, problems: figures.problems.count)
                        if figures.problems.count > 20 { break }
                    }
                    return figures
                }
            }
            return try await group.reduce(into: ResetFigures()) { $0.add($1) }
        }
        if Self.soaked != nil {
            Soak.print("soak resets seed=\(seed) \(figures.line) seconds=\(soak.seconds)")
            for problem in figures.problems.prefix(20) { Soak.print("soak resets problem: \(problem)") }
        }
        #expect(figures.problems.prefix(5).isEmpty, "seed \(seed): \(figures.problems.prefix(5))")
        #expect(figures.superseded > 0 && figures.outdated > 0 && figures.summaries > 0)
        // Of a few dozen it may be none.
        #expect(figures.stopped > 0 || total < 100)
    }

    private static func run(_ trials: Int, seed: UInt64) async throws -> ResetFigures {
        try await TemporaryDirectory.with { directory in
            let path = directory.file("mybot.db")
            let world = try ResetWorld(path: path, seed: seed)
            let result = Lock(ResetFigures())
            try await world.run { world in
                var figures = ResetFigures()
                for number in 0..<trials {
                    var trial = ResetTrial(
                        world, number: number, random: SeededRandom(seed: seed &* 31 &+ UInt64(number)))
                    try await trial.run()
                    figures.trials += 1
                    figures.problems += trial.problems
                    for chat in trial.chats {
                        let check = ResetCheck(world, chat: chat, mayDrop: trial.cleared.contains(chat))
                        figures.problems += try await check.problems()
                    }
                }
                figures.problems += try await ResetCheck.problems(of: world)
                figures.count(world)
                let counted = figures
                result.withLock { $0 = counted }
            }
            try world.base.close()
            var figures = result.withLock { $0 }
            figures.problems += try ResetCheck.leftInFiles(path: path, world)
            return figures
        }
    }
}

/// What was seen.
struct ResetFigures: Sendable {
    var trials = 0
    var resets = 0
    var undone = 0
    var forgets = 0
    var superseded = 0
    var summaries = 0
    var outdated = 0
    var stopped = 0
    var problems: [String] = []

    mutating func count(_ world: ResetWorld) {
        let facts = world.journal.facts
        resets += facts.resets
        forgets += facts.forgets.count
        undone += facts.changes.count { if case .undone(let undone) = $0.change { undone != .nothing } else { false } }
        superseded += facts.superseded
        summaries += facts.summaries.count
        outdated += facts.outdated
        stopped += world.transport.base.watch.state.messages.count { $0.text == "(stopped)" }
    }

    mutating func add(_ other: ResetFigures) {
        trials += other.trials
        resets += other.resets
        undone += other.undone
        forgets += other.forgets
        superseded += other.superseded
        summaries += other.summaries
        outdated += other.outdated
        stopped += other.stopped
        problems += other.problems
    }

    var line: String {
        """
        interleavings=\(trials) resets=\(resets) undone=\(undone) forgets=\(forgets) late_turns=\(superseded) \
        summaries=\(summaries) late_summaries=\(outdated) stopped=\(stopped) \
        problems=\(problems.count)
        """
    }
}
