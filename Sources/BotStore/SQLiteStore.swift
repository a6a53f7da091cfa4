package import BotCore
import GRDB

/// The store in one SQLite file: one writer with group commit, readers beside it, a lock file so that only one mybot has
/// the file.
///
/// Its use cases are in extensions, one for each protocol of `BotCore`; each is one transaction.
package final class SQLiteStore: Store {
    let pool: DatabasePool
    let writer: WriteQueue
    /// Tells the nonces of this installation from those of others.
    let installation: InstallCode
    let time: any TimeSource
    /// What of the derived data did not agree with the log when the file was opened, and was made anew then: for the log of the
    /// program. Larger files are not looked through at opening; `audit` does it beside the writer.
    package let mended: [AuditFinding]
    private let lock: LockFile

    init(
        pool: DatabasePool, installation: InstallCode, time: any TimeSource, lock: LockFile,
        mended: [AuditFinding] = []
    ) {
        self.mended = mended
        self.pool = pool
        self.installation = installation
        self.time = time
        self.lock = lock
        writer = WriteQueue(pool: pool, beforeCommit: SearchIndex.addDue)
    }

    /// Opens a database file, makes it and its folder if there is none, and brings its schema up to date.
    ///
    /// It blocks while it reads the whole of a small file to see whether it is sound. What is made is readable by the
    /// owner alone.
    ///
    /// - Parameters:
    ///   - path: the database file; `<path>.lock`, `<path>-wal` and `<path>-shm` are made beside it.
    ///   - time: tells when first sends begin.
    ///   - installCode: makes the code of a new installation.
    /// - Throws: `.inUse`, `.damaged`, `.newerVersion`, `.cannotOpen`, `.readOnly` or `.full`.
    package static func open(
        path: String, time: any TimeSource = SystemTime(),
        installCode: () -> InstallCode = { InstallCode.random() }
    ) throws(StoreError) -> SQLiteStore {
        try open(path: path, migrator: Schema.migrator, time: time, installCode: installCode)
    }

    /// Ends the store: writes that wait are finished, later ones fail, and the file is free for another mybot. All that was
    /// written stands in the one file then, so that a copy of it is a backup.
    ///
    /// - Throws: when SQLite could not close the file; what was committed is safe all the same.
    package func close() throws(StoreError) {
        writer.close()
        do {
            // SQLite does it by itself only when the last connection to close is one that writes. On a full disk it fails, and
            // the write-ahead log stays beside the file, where the next start finds it.
            _ = try? pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
            try pool.close()
        } catch {
            throw StoreError(error)
        }
        lock.release()
    }

    package func probe() async throws(StoreError) {
        try await write { db in
            try db.run("UPDATE installation SET probes = probes + 1")
        }
    }

    /// Runs a transaction on the writer, together with others that wait. It returns after the commit.
    func write<Value: Sendable>(
        _ work: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreError) -> Value {
        try await writer.perform(work)
    }

    /// Runs reads on the writer's connection, between two transactions: for what no other connection sees. It works also where nothing can
    /// be written.
    func readBetweenWrites<Value: Sendable>(
        _ work: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreError) -> Value {
        let result: Result<Value, StoreError> = await withCheckedContinuation { caller in
            pool.asyncWriteWithoutTransaction { db in
                let result = Result { try work(db) }
                caller.resume(returning: result.mapError { StoreError($0) })
            }
        }
        return try result.get()
    }

    /// Runs reads on one snapshot of the database, beside the writer.
    func read<Value: Sendable>(
        _ work: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreError) -> Value {
        do {
            return try await pool.read(work)
        } catch {
            throw StoreError(error)
        }
    }
}
