import BotCore
import BotTestSupport
import Testing

/// Many chats at once, and a Telegram that fails at random: nothing is lost, nothing repeated without saying so, all in order.
///
/// It takes too long for the other tests: `MYBOT_SOAK_TELEGRAM_MINUTES` asks for it, as `.ci/soak` does.
@Suite(.enabled(if: TrafficSettings.minutes != nil), .timeLimit(.minutes(120)))
struct TrafficTests {
    @Test func answersEachMessageOnceWhateverTelegramDoes() async throws {
        let run = TrafficSettings.run
        let figures = try await run.run()
        Soak.print("soak telegram seed=\(run.seed) chats=\(run.chats) \(figures.line)")
        for problem in figures.problems.prefix(100) { Soak.print("soak telegram problem: \(problem)") }
        #expect(figures.problems == [], "seed \(run.seed)")
        #expect(figures.answered == figures.asked)
        #expect(figures.asked >= run.chats)
        #expect(figures.faults.count == TrafficRun.kinds.count)
        if figures.memory.count >= 15 {
            // The caches are full by then: what grows on is a leak.
            let (early, late) = (figures.memory[9], figures.memory.suffix(3).max() ?? 0)
            #expect(late <= early + max(16, early / 4), "memory grew from \(early) to \(late) MiB")
        }
    }
}

/// How long the test goes on.
private enum TrafficSettings {
    static var minutes: Int? { Soak.number("MYBOT_SOAK_TELEGRAM_MINUTES") }
    private static var seed: UInt64 { Soak.number("MYBOT_SOAK_SEED").map(UInt64.init) ?? 20_261_128 }

    static var run: TrafficRun {
        TrafficRun(
            chats: Soak.number("MYBOT_SOAK_CHATS") ?? 500, span: .seconds((minutes ?? 1) * 60), pause: .seconds(25),
            perThousand: 20, seed: seed)
    }
}
