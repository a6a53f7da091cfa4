import Foundation
import Testing

/// The real executable is killed at any moment, again and again, and no message may be lost.
///
/// `MYBOT_SOAK_KILLS` and `MYBOT_SOAK_SEED` make it longer and different: see `.ci/soak`.
@Suite(.timeLimit(.minutes(SoakSettings.isOn ? 120 : 5)))
struct KillTests {
    @Test("T4: a kill at any moment loses nothing and repeats nothing unmarked")
    func answersEachMessageOnceWhateverTheMomentOfDeath() async throws {
        let run = KillRun(kills: SoakSettings.kills, seed: SoakSettings.seed, isTalkative: SoakSettings.isOn)
        let figures = try await run.run()
        if SoakSettings.isOn {
            print("soak kill seed=\(run.seed) \(figures.line)")
            for problem in figures.problems { print("soak kill problem: \(problem)") }
        }
        #expect(figures.problems == [], "seed \(run.seed)")
        #expect(figures.answered == figures.asked)
        #expect(figures.kills >= run.kills)
        #expect(figures.asked > figures.kills)
    }
}

/// How long the test goes on: short among the others, long in `.ci/soak`.
private enum SoakSettings {
    static var isOn: Bool { number("MYBOT_SOAK_KILLS") != nil }
    static var kills: Int { number("MYBOT_SOAK_KILLS").map(Int.init) ?? 4 }
    static var seed: UInt64 { number("MYBOT_SOAK_SEED") ?? 20_261_123 }

    private static func number(_ name: String) -> UInt64? {
        ProcessInfo.processInfo.environment[name].flatMap(UInt64.init)
    }
}
