import Foundation
import Testing

/// Whatever a store has acknowledged stands, once, in order and counted, however its process or its disk fails.
///
/// `MYBOT_SOAK_STORE_KILLS`, `MYBOT_SOAK_STORE_FAULTS` and `MYBOT_SOAK_SEED` make it longer and different: see `.ci/soak`.
///
/// One test after the other: a process that is just being started holds a copy of all open files, locks among them, for a moment.
@Suite(.serialized, .timeLimit(.minutes(SoakSettings.isOn ? 120 : 5)))
struct CrashTests {
    @Test func nothingIsLostOrRepeatedWhateverTheMomentOfDeath() async throws {
        let run = StoreKillRun(kills: SoakSettings.kills, seed: SoakSettings.seed)
        let figures = try await run.run()
        SoakSettings.tell("kills", figures.line, figures.problems)
        #expect(figures.problems == [], "seed \(run.seed)")
        #expect(figures.kills >= run.kills)
        #expect(figures.messages > figures.kills)
    }

    @Test func nothingIsLostOrRepeatedOnADiskThatFails() async throws {
        let run = StoreFaultRun(rounds: SoakSettings.faults, seed: SoakSettings.seed)
        let figures = try await run.run()
        SoakSettings.tell("faults", figures.line, figures.problems)
        #expect(figures.problems == [], "seed \(run.seed)")
        #expect(figures.rounds >= run.rounds)
        #expect(figures.failures > Int64(run.rounds / 4), "the disk fails indeed")
    }
}

/// How long the tests go on: short among the others, long in `.ci/soak`.
private enum SoakSettings {
    static var isOn: Bool { number("MYBOT_SOAK_STORE_KILLS") != nil }
    static var kills: Int { number("MYBOT_SOAK_STORE_KILLS").map(Int.init) ?? 10 }
    static var faults: Int { number("MYBOT_SOAK_STORE_FAULTS").map(Int.init) ?? 25 }
    static var seed: UInt64 { number("MYBOT_SOAK_SEED") ?? 20_261_123 }

    private static func number(_ name: String) -> UInt64? {
        ProcessInfo.processInfo.environment[name].flatMap(UInt64.init)
    }

    static func tell(_ what: String, _ line: String, _ problems: [String]) {
        guard isOn else { return }
        print("soak store \(what) seed=\(seed) \(line)")
        for problem in problems.prefix(20) { print("soak store problem: \(problem)") }
    }
}
