import BotCore
import Foundation
import GRDB

extension SQLiteStore {
    /// Up to this size in bytes the whole file is checked on opening. Reading more would delay the start by seconds; damage
    /// in a larger file shows when the damaged page is read.
    private static let checkedSize: Int64 = 128 << 20

    /// Up to this size in bytes all that is derived is compared with the log on opening.
    private static let auditedSize: Int64 = 16 << 20

    static func open(
        path: String, migrator: DatabaseMigrator, time: any TimeSource, installCode: () -> InstallCode
    ) throws(StoreError) -> SQLiteStore {
        try DatabaseFile.makeFolder(of: path)
        let lock = try LockFile.acquire(for: path)
        do {
            try DatabaseFile.makeFile(at: path)
            let pool = try DatabasePool(path: path, configuration: configuration)
            try pool.writeWithoutTransaction { db in
                try makeDurable(db)
                try check(db, size: DatabaseFile.size(of: path))
                if try migrator.hasBeenSuperseded(db) { throw StoreError.newerVersion(path: path) }
            }
            try migrator.migrate(pool)
            let isSmall = DatabaseFile.size(of: path) <= auditedSize
            let (installation, mended) = try pool.write { db in
                try SessionTotals.begin(db)
                try SearchIndex.begin(db)
                try SearchIndex.update(db)
                try Outbox.settleAfterRestart(db)
                try Spending.settleAfterRestart(db)
                let mended = isSmall ? try mend(db) : []
                return (try InstallCode.stored(db, orNew: installCode), mended)
            }
            return SQLiteStore(pool: pool, installation: installation, time: time, lock: lock, mended: mended)
        } catch {
            lock.release()
            throw StoreError(opening: path, error)
        }
    }

    /// The bytes of a page of a new file.
    static let pageSize = 1024

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "mybot.store"
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = 4
        configuration.prepareDatabase { db in
            // Of a new file, for a file that has pages keeps their size. A commit writes whole pages, and those of a turn hold little:
            // a quarter of SQLite's own size saves 6 in 10 of the bytes that a turn writes, and recall takes no longer. Half of this would
            // save a tenth of the rest, and make a turn slower and the file larger.
            try db.execute(sql: "PRAGMA page_size = \(pageSize)")
            // The write-ahead log is cut back to 64 MiB when a checkpoint has emptied it after a burst.
            try db.execute(sql: "PRAGMA journal_size_limit = 67108864")
            // So many pages, 2 MiB, are moved to the file at a time.
            try db.execute(sql: "PRAGMA wal_autocheckpoint = 2000")
            // Temporary tables are in memory: those of the writer are part of each commit.
            try db.execute(sql: "PRAGMA temp_store = MEMORY")
            // What is deleted is overwritten, so that nothing of an erased chat stays in freed pages.
            try db.execute(sql: "PRAGMA secure_delete = ON")
        }
        return configuration
    }

    /// Makes each commit wait for the disk. GRDB lowers `synchronous` to NORMAL when it opens a pool, under which the
    /// newest commits are lost when the power fails; so it is raised here, after opening, and read back.
    private static func makeDurable(_ db: Database) throws {
        try db.execute(sql: "PRAGMA synchronous = FULL")
        let level = try Int.fetchOne(db, sql: "PRAGMA synchronous")
        guard level == 2 else { throw StoreError.failed("synchronous = FULL was not taken") }
    }

    private static func check(_ db: Database, size: Int64) throws {
        guard size <= checkedSize else { return }
        // Its first line only names the database.
        let finding = try String.fetchOne(db, sql: "PRAGMA quick_check(1)")?.split(separator: "\n").last.map(
            String.init)
        if finding == "ok" { return }
        if let finding, let error = failedRead(in: finding) { throw error }
        throw StoreError.damaged(finding ?? "no answer to the check")
    }

    /// The error because of which a page could not be looked at. The check tells it like a finding, though the page may be sound: nobody
    /// is to move the file aside for a disk that errs once.
    private static func failedRead(in finding: String) -> DatabaseError? {
        guard let found = finding.firstMatch(of: /to get (the )?page(.*error code=(?<code>\d+))?/) else { return nil }
        let code = found.code.flatMap { CInt($0) }.map(ResultCode.init(rawValue:)) ?? .SQLITE_IOERR_READ
        return code.primaryResultCode == .SQLITE_CORRUPT ? nil : DatabaseError(resultCode: code, message: finding)
    }
}
