import BotCore
import BotTestSupport
import Testing

/// Many chats at once, and a Telegram that fails at random: nothing is lost, nothing repeated without saying so, all in order.
///
/// `MYBOT_SOAK_TELEGRAM_MINUTES` makes it long, as `.ci/soak` does; `MYBOT_SOAK_SEED` and `MYBOT_SOAK_CHATS` make it different.
@Suite(.timeLimit(.minutes(TrafficSettings.minutes == nil ? 5 : 180)))
struct TrafficTests {
    @Test("T13, T33: whatever Telegram does, each message is answered once, in order")
    func answersEachMessageOnceWhateverTelegramDoes() async throws {
        let run = TrafficSettings.run
        let figures = try await run.run()
        if TrafficSettings.isWatched { Soak.print("soak telegram seed=\(run.seed) chats=\(run.chats) \(figures.line)") }
        for problem in figures.problems.prefix(100) { Soak.print("soak telegram problem: \(problem)") }
        #expect(figures.problems == [], "seed \(run.seed): \(figures.line)")
        #expect(figures.answered == figures.asked)
        #expect(figures.asked >= run.chats)
        #expect(Set(figures.faults.keys) == Set(TrafficRun.kinds.map(\.name)))
        if figures.memory.count >= 15 {
            // The caches are full by then: what grows on is a leak.
            let (early, late) = (figures.memory[9], figures.memory.suffix(3).max() ?? 0)
            #expect(late <= early + max(16, early / 4), "memory grew from \(early) to \(late) MiB")
        }
    }
}

/// How long the test goes on: short among the others, long in `.ci/soak`.
private enum TrafficSettings {
    static var minutes: Int? { Soak.number("MYBOT_SOAK_TELEGRAM_MINUTES") }
    /// Whether somebody wants to see the figures.
    static var isWatched: Bool { minutes != nil || Soak.number("MYBOT_SOAK_SEED") != nil }
    private static var seed: UInt64 { Soak.number("MYBOT_SOAK_SEED").map(UInt64.init) ?? 20_261_128 }
    private static var chats: Int? { Soak.number("MYBOT_SOAK_CHATS") }

    static var run: TrafficRun {
        guard let minutes else {
            return TrafficRun(
                chats: chats ?? 36, span: .seconds(15), pause: .seconds(4), perThousand: 30, seed: seed, isLong: false,
                patience: .seconds(120))
        }
        return TrafficRun(
            chats: chats ?? 500, span: .seconds(minutes * 60), pause: .seconds(25), perThousand: 20, seed: seed)
    }
}
