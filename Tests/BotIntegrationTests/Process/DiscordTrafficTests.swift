import BotCore
import BotTestSupport
import Testing

/// Many chats at once, a gateway that is lost again and again, and a REST API that fails at random: nothing is lost, nothing repeated, all
/// in order.
///
/// `MYBOT_SOAK_DISCORD_MINUTES` makes it long, as `.ci/soak` does; `MYBOT_SOAK_SEED` and `MYBOT_SOAK_CHATS` make it different.
@Suite(.timeLimit(.minutes(DiscordTrafficSettings.minutes == nil ? 5 : 180)))
struct DiscordTrafficTests {
    @Test("D6, D20, D34: however the gateway is lost and REST fails, each message is answered once, in order")
    func answersEachMessageOnceWhateverDiscordDoes() async throws {
        let run = DiscordTrafficSettings.run
        let outcome = try await run.run()
        let figures = outcome.figures
        if DiscordTrafficSettings.isWatched {
            Soak.print("soak discord seed=\(run.seed) chats=\(run.chats) \(outcome.line)")
        }
        for problem in figures.problems.prefix(100) { Soak.print("soak discord problem: \(problem)") }
        #expect(figures.problems == [], "seed \(run.seed): \(outcome.line)")
        #expect(figures.answered == figures.asked)
        #expect(figures.asked >= run.chats)
        #expect(outcome.identifies <= outcome.identifiesAllowed)
        #expect(!outcome.losses.isEmpty && outcome.resumes > 0)
        if figures.memory.count >= 15 {
            // The caches are full by then: what grows on is a leak.
            let (early, late) = (figures.memory[9], figures.memory.suffix(3).max() ?? 0)
            #expect(late <= early + max(16, early / 4), "memory grew from \(early) to \(late) MiB")
        }
    }
}

/// How long the test goes on: short among the others, long in `.ci/soak`.
private enum DiscordTrafficSettings {
    static var minutes: Int? { Soak.number("MYBOT_SOAK_DISCORD_MINUTES") }
    /// Whether somebody wants to see the figures.
    static var isWatched: Bool { minutes != nil || Soak.number("MYBOT_SOAK_SEED") != nil }
    private static var seed: UInt64 { Soak.number("MYBOT_SOAK_SEED").map(UInt64.init) ?? 20_261_128 }
    private static var chats: Int? { Soak.number("MYBOT_SOAK_CHATS") }

    static var run: DiscordTrafficRun {
        guard let minutes else {
            return DiscordTrafficRun(
                chats: chats ?? 20, span: .seconds(16), pause: .seconds(4), calm: .seconds(3), perThousand: 20,
                seed: seed,
                isLong: false, patience: .seconds(120))
        }
        return DiscordTrafficRun(
            chats: chats ?? 500, span: .seconds(minutes * 60), pause: .seconds(75), calm: .seconds(20), perThousand: 20,
            seed: seed, isLong: true)
    }
}
