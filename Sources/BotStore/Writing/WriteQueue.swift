import BotCore
import GRDB

/// The one writer, with group commit: whatever waits is committed together, so that 64 chats share one wait for the disk.
///
/// A caller is not released before its job is committed or has surely failed, even when its task is cancelled: it always
/// learns the truth. A job that fails takes no other of its batch with it; a commit that fails fails its whole batch, and nothing
/// of it is stored.
///
/// Bound: `limit` waiting jobs; one more fails at once. Each job is awaited by a task, so only a bug gets there.
final class WriteQueue: Sendable {
    /// The most jobs of one transaction, which bounds how long the first of them waits for the last.
    private static let batchSize = 256
    /// The most jobs that may wait.
    private static let limit = 16_384

    private struct State {
        var waiting: [any WriteJob] = []
        var isPumping = false
        var batches = 0
        var isClosed = false
    }

    private let pool: DatabasePool
    private let beforeCommit: @Sendable (Database) throws -> Void
    private let state = Lock(State())

    /// - Parameter beforeCommit: what the jobs of a transaction have left to be done for all of them together. Where it fails, the jobs are
    ///   committed without it.
    init(pool: DatabasePool, beforeCommit: @escaping @Sendable (Database) throws -> Void) {
        self.pool = pool
        self.beforeCommit = beforeCommit
    }

    /// How many jobs wait for a transaction.
    var waitingCount: Int { state.withLock { $0.waiting.count } }
    /// How many transactions there were.
    var batchCount: Int { state.withLock { $0.batches } }

    /// Queues a job and returns its result once it is committed.
    ///
    /// - Parameter work: done once more where another of its batch fails: it must do nothing but what the transaction takes back.
    func perform<Value: Sendable>(
        _ work: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreError) -> Value {
        let result = await withCheckedContinuation { caller in
            enqueue(PendingWrite(work: work, caller: caller))
        }
        return try result.get()
    }

    /// Refuses further jobs. Those that wait are still done.
    func close() {
        state.withLock { $0.isClosed = true }
    }

    private func enqueue(_ job: any WriteJob) {
        enum Next { case wait, pump, refuse(StoreError) }
        let next = state.withLock { state -> Next in
            if state.isClosed { return .refuse(.failed("the store is closed")) }
            if state.waiting.count >= Self.limit { return .refuse(.failed("too many writes are waiting")) }
            state.waiting.append(job)
            if state.isPumping { return .wait }
            state.isPumping = true
            return .pump
        }
        switch next {
        case .wait: break
        case .pump: pool.asyncWriteWithoutTransaction { db in self.pump(db) }
        case .refuse(let error): job.finish(failure: error)
        }
    }

    /// Runs on the writer's queue until nothing waits.
    private func pump(_ db: Database) {
        while true {
            let batch = state.withLock { state -> ArraySlice<any WriteJob> in
                let batch = state.waiting.prefix(Self.batchSize)
                state.waiting.removeFirst(batch.count)
                state.isPumping = !batch.isEmpty
                state.batches += batch.isEmpty ? 0 : 1
                return batch
            }
            if batch.isEmpty { return }
            let failure = commit(batch, on: db)
            for job in batch { job.finish(failure: failure) }
        }
    }

    /// Does the jobs in one transaction; returns why it failed as a whole.
    ///
    /// They are tried together first. Only where one of them fails, which is rare, is all of it taken back and each done under a
    /// savepoint of its own: with a savepoint SQLite copies each page before the job changes it, and FTS5 writes a segment.
    private func commit(_ batch: ArraySlice<any WriteJob>, on db: Database) -> StoreError? {
        do {
            try db.run("BEGIN IMMEDIATE")
            var done = 0
            do {
                for job in batch {
                    try job.perform(in: db)
                    done += 1
                }
                try beforeCommit(db)
            } catch {
                // Alone, it needs no savepoint: the transaction is its own.
                if batch.count == 1, done == 0 { throw error }
                if db.isInsideTransaction { try db.run("ROLLBACK") }
                try db.run("BEGIN IMMEDIATE")
                for job in batch { try alone(on: db) { try job.perform(in: db) } }
                try alone(on: db) { try beforeCommit(db) }
            }
            try db.run("COMMIT")
            return nil
        } catch {
            // After a full disk or an I/O error SQLite may have rolled back by itself.
            if db.isInsideTransaction {
                // Nothing more can be done when this fails too; the next BEGIN then fails and its callers learn it.
                try? db.run("ROLLBACK")
            }
            return StoreError(error)
        }
    }

    /// Does a part of a transaction that is taken back by itself if it fails.
    private func alone(on db: Database, _ part: () throws -> Void) throws {
        try db.run("SAVEPOINT job")
        do {
            try part()
        } catch {
            // Without its transaction the batch is lost as a whole.
            guard db.isInsideTransaction else { throw error }
            try db.run("ROLLBACK TO job")
        }
        try db.run("RELEASE job")
    }
}
