import BotCore
import BotTestSupport
import CFaultyVFS
import StoreWorkload

@testable import BotStore

/// Lets a disk fail under a store that is being written to, and compares the database with what the store has acknowledged.
struct StoreFaultRun {
    /// What came out.
    struct Figures: Sendable {
        var rounds = 0
        /// Calls of SQLite's that failed.
        var failures: Int64 = 0
        var reopenings = 0
        var refusals = 0
        var acknowledged = 0
        var problems: [String] = []

        var line: String {
            "rounds=\(rounds) failed_calls=\(failures) reopened=\(reopenings) refused=\(refusals) "
                + "acknowledged=\(acknowledged) problems=\(problems.count)"
        }
    }

    enum Failure: Error { case noWatch }

    let rounds: Int
    let seed: UInt64
    var chats = 8
    /// How many deeds a chat does in a round.
    var deeds = 3
    /// How many rounds one database has.
    var roundsOfOne = 25

    func run() async throws -> Figures {
        var figures = Figures()
        var random = SeededRandom(seed: seed)
        guard faulty_vfs_register() == 0 else { throw Failure.noWatch }
        while figures.rounds < rounds, figures.problems.isEmpty {
            try await TemporaryDirectory.with { folder in
                let watch = faulty_vfs_watch(folder.path)
                guard watch >= 0 else { throw Failure.noWatch }
                defer { faulty_vfs_unwatch(watch) }
                try await play(folder.file("mybot.db"), watch, &figures, &random)
                figures.failures += faulty_vfs_failures(watch)
            }
        }
        return figures
    }

    private func play(
        _ path: String, _ watch: Int32, _ figures: inout Figures, _ random: inout SeededRandom
    ) async throws {
        let workload = StoreWorkload(seed: random.next(), chats: chats)
        let ledger = Lock(Ledger(workload))
        var store = try open(path, watch, Fate(error: &random), &figures)
        let end = min(rounds, figures.rounds + roundsOfOne)
        while figures.rounds < end, figures.problems.isEmpty {
            figures.rounds += 1
            // One in many takes long: a lock that somebody else holds for longer than a store waits.
            let fate = figures.rounds.isMultiple(of: 100) ? Fate.longBusy : Fate(error: &random)
            faulty_vfs_plan(watch, fate.plan ?? faulty_plan())
            let next = ledger.withLock { $0.next }
            await workload.run(
                on: store, sessions: StoreWorkload.sessions(over: store), from: next,
                to: (next.max() ?? 0) + deeds
            ) { acknowledgement in ledger.withLock { $0.note(acknowledgement) } }
            faulty_vfs_plan(watch, faulty_plan())
            let known = ledger.withLock { $0 }
            let name = "seed \(workload.seed) round \(figures.rounds) (\(fate))"
            figures.problems += known.problems.map { "\(name): \($0)" }
            figures.problems += try await CrashAudit(store: store, ledger: known).problems().map { "\(name): \($0)" }
            guard Int.random(in: 0..<5, using: &random) == 0 else { continue }
            try store.close()
            store = try open(path, watch, Fate(error: &random), &figures)
            figures.problems += try await CrashAudit(store: store, ledger: known).problems().map {
                "\(name), after closing: \($0)"
            }
        }
        figures.acknowledged += ledger.withLock { $0.count }
        try store.close()
    }

    /// Opens the store on a disk that errs; if it refuses, once more on one that does not.
    private func open(
        _ path: String, _ watch: Int32, _ fate: Fate, _ figures: inout Figures
    ) throws -> SQLiteStore {
        figures.reopenings += 1
        faulty_vfs_plan(watch, fate.plan ?? faulty_plan())
        defer { faulty_vfs_plan(watch, faulty_plan()) }
        do throws(StoreError) {
            return try SQLiteStore.open(path: path)
        } catch {
            figures.refusals += 1
            faulty_vfs_plan(watch, faulty_plan())
            if case .damaged = error { figures.problems.append("a failing disk (\(fate)) looks like damage: \(error)") }
            return try SQLiteStore.open(path: path)
        }
    }
}
