import BotCore
import GRDB
import GRDBSQLite

extension SQLiteStore {
    /// The pages that are wiped while others wait: all of a file of up to 16 MiB, in some 10 ms.
    private static let pagesAtOnce = 16 << 20 / pageSize
    /// How often a larger file is gone through at most.
    private static let mostPasses = 4

    /// Overwrites what SQLite has left in unused parts of the file's pages. A larger file is gone through in steps between which others
    /// write, and again until there is nothing to wipe: when SQLite balances a tree, a page can get the number of another one, and so be
    /// passed over.
    func wipePages() async throws(StoreError) {
        for _ in 0..<Self.mostPasses {
            let last = Int(try await read { db in try db.number("PRAGMA page_count") })
            guard last < TreePage.limit else { throw .failed("the file is too large for wiping") }
            var wiped = 0
            var next = 2
            while next <= last {
                // Pages that were added meanwhile are looked at too.
                let pages = next..<(next + Self.pagesAtOnce)
                wiped += try await withEmptyLog { [path = pool.path] db in
                    try Self.wipe(pages, path: path, db)
                }
                next = pages.upperBound
            }
            if wiped == 0 || last <= Self.pagesAtOnce { break }
        }
        // Before anything says that the file is clean. On a connection that only reads, so that the writer does not wait.
        try await read { db in try DatabaseBytes(db).sync() }
    }

    /// Wipes those of the pages that there are; returns how many had something to wipe.
    private static func wipe(_ pages: Range<Int>, path: String, _ db: Database) throws -> Int {
        try db.run("BEGIN IMMEDIATE")
        // Nothing was written in it, so that nothing is lost.
        defer { try? db.run("ROLLBACK") }
        // Another process may have been faster with the lock.
        guard DatabaseFile.size(of: "\(path)-wal") == 0 else { throw DatabaseError(resultCode: .SQLITE_BUSY) }
        // In a write that fails, a part may have been written.
        defer { sqlite3_db_release_memory(db.sqliteConnection) }
        let wiper = try PageWiper(db)
        let end = min(pages.upperBound, Int(try db.number("PRAGMA page_count")) + 1)
        var wiped = 0
        for first in stride(from: pages.lowerBound, to: end, by: PageWiper.step) {
            wiped += try wiper.wipe(first..<min(end, first + PageWiper.step), db)
        }
        return wiped
    }
}
