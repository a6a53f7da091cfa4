import BotCore
import GRDB
import GRDBSQLite

extension SQLiteStore {
    /// Overwrites what SQLite has left in unused parts of the file's pages, in steps between which others write.
    ///
    /// Pages that are added meanwhile need none of it: only rows that stand are copied to them.
    func wipePages() async throws(StoreError) {
        var next = 2
        let last = Int(try await read { db in try db.number("PRAGMA page_count") })
        guard last < TreePage.limit else { throw .failed("the file is too large for wiping") }
        while next <= last {
            let pages = next..<(min(last, next + PageWiper.step - 1) + 1)
            try await withEmptyLog { [path = pool.path] db in
                try Self.wipe(pages, path: path, db)
            }
            next = pages.upperBound
        }
        // Before anything says that the file is clean. On a connection that only reads, so that the writer does not wait.
        try await read { db in try DatabaseBytes(db).sync() }
    }

    private static func wipe(_ pages: Range<Int>, path: String, _ db: Database) throws {
        try db.run("BEGIN IMMEDIATE")
        // Nothing was written in it, so that nothing is lost.
        defer { try? db.run("ROLLBACK") }
        // Another process may have been faster with the lock.
        guard DatabaseFile.size(of: "\(path)-wal") == 0 else { throw DatabaseError(resultCode: .SQLITE_BUSY) }
        // In a write that fails, a part may have been written.
        defer { sqlite3_db_release_memory(db.sqliteConnection) }
        _ = try PageWiper(db).wipe(pages, db)
    }
}
