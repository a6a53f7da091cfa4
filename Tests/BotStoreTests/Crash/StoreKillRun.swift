import BotCore
import BotTestSupport
import Foundation
import StoreWorkload

@testable import BotStore

/// Kills a process that writes to a store, again and again, and compares the database with what the process was told.
///
/// Death comes at a random moment from outside, or in the middle of a call that changes a file; some processes have a disk that errs.
struct StoreKillRun {
    /// What came out.
    struct Figures: Sendable {
        var kills = 0
        var lives = 0
        /// How many processes could not open the store, because their disk erred.
        var refused = 0
        var acknowledged = 0
        var messages = 0
        var reopenings: [Duration] = []
        var problems: [String] = []
        var seconds = 0.0

        /// One line for a person and for a script.
        var line: String {
            let sorted = reopenings.sorted()
            let median = sorted.isEmpty ? .zero : sorted[sorted.count / 2]
            return "kills=\(kills) lives=\(lives) refused=\(refused) acknowledged=\(acknowledged) "
                + "messages=\(messages) reopen_ms_median=\(median.milliseconds) "
                + "reopen_ms_max=\((sorted.last ?? .zero).milliseconds) problems=\(problems.count) "
                + "seconds=\(Int(seconds))"
        }
    }

    let kills: Int
    let seed: UInt64
    var chats = 10
    /// How often writers of one database are killed before another one is begun, so that looking at all of it stays quick.
    var killsOfOne = 20

    func run() async throws -> Figures {
        var figures = Figures()
        var random = SeededRandom(seed: seed)
        let start = SystemTime().uptime
        while figures.kills < kills, figures.problems.isEmpty {
            try await TemporaryDirectory.with { folder in
                try await killWriters(in: folder, &figures, &random)
            }
        }
        figures.seconds = Double((SystemTime().uptime - start).milliseconds) / 1000
        return figures
    }

    private func killWriters(
        in folder: TemporaryDirectory, _ figures: inout Figures, _ random: inout SeededRandom
    ) async throws {
        let end = min(kills, figures.kills + killsOfOne)
        var ledger = Ledger(StoreWorkload(seed: random.next(), chats: chats))
        while figures.kills < end, figures.problems.isEmpty {
            try await killWriter(in: folder, &ledger, &figures, &random)
            // Now and then the next writer finds the files as the dead one has left them.
            if Int.random(in: 0..<4, using: &random) > 0 { try await audit(folder, ledger, &figures) }
        }
        // Without trouble everything comes to its end.
        let done = try await finish(in: folder, ledger)
        try await audit(folder, done, &figures)
        figures.acknowledged += done.count
        figures.messages += done.messages.count
    }

    private func killWriter(
        in folder: TemporaryDirectory, _ ledger: inout Ledger, _ figures: inout Figures,
        _ random: inout SeededRandom
    ) async throws {
        let life = random.next()
        // Some deeds that were done are done again, as a platform does that has not heard of it.
        let first = ledger.next.map { max(0, $0 - [0, 0, 0, 1, 2][Int.random(in: 0..<5, using: &random)]) }
        ledger.begins(with: first)
        let age = Duration.milliseconds(Int.random(in: 0..<(Fate(life: life).plan == nil ? 160 : 400), using: &random))
        let writer = try BotProcess.start(
            executable: try BotExecutable.path(of: "StoreWriter", named: "MYBOT_STORE_WRITER"),
            arguments: ([folder.path, "\(ledger.workload.seed)", "\(life)", "1000000"] + first.map { "\($0)" }),
            environment: [:], folder: folder.path)
        defer { writer.kill() }
        do {
            _ = try await within(age, "death") { try await writer.end() }
        } catch BotProcessError.overdue {
            writer.kill()
        }
        let exit = try await within(.seconds(30), "the end of a writer") { try await writer.end() }
        figures.lives += 1
        let name = "seed \(ledger.workload.seed) life \(life) (\(Fate(life: life)))"
        switch exit {
        case .signal(9): figures.kills += 1
        case .status(75) where Fate(life: life).plan != nil: figures.refused += 1
        case .signal, .status: figures.problems.append("\(name): it ended by itself: \(exit) \(writer.complaints)")
        }
        // A line that has no end was being written.
        for line in writer.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            if let acknowledgement = Acknowledgement(line: line) {
                ledger.note(acknowledgement)
            } else if line != "open", !line.hasPrefix("refused ") {
                figures.problems.append("\(name): it said \(line)")
            }
        }
        figures.problems += ledger.problems.map { "\(name): \($0)" }
    }

    private func audit(_ folder: TemporaryDirectory, _ ledger: Ledger, _ figures: inout Figures) async throws {
        let start = SystemTime().uptime
        let store = try SQLiteStore.open(path: folder.file("mybot.db"))
        figures.reopenings.append(SystemTime().uptime - start)
        figures.problems += try await CrashAudit(store: store, ledger: ledger).problems().map {
            "seed \(ledger.workload.seed) after \(figures.kills) kills: \($0)"
        }
        try store.close()
    }

    private func finish(in folder: TemporaryDirectory, _ ledger: Ledger) async throws -> Ledger {
        let store = try SQLiteStore.open(path: folder.file("mybot.db"))
        let end = (ledger.next.max() ?? 0) + 1
        let shared = Lock(ledger)
        shared.withLock { $0.begins(with: ledger.next) }
        await ledger.workload.run(
            on: store, sessions: StoreWorkload.sessions(over: store), from: ledger.next, to: end
        ) { acknowledgement in shared.withLock { $0.note(acknowledgement) } }
        try store.close()
        var done = shared.withLock { $0 }
        if done.next.contains(where: { $0 < end }) { done.note(.problem("deeds are left undone: \(done.next)")) }
        return done
    }
}
