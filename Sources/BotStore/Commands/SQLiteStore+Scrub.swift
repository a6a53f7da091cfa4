import BotCore
import GRDB

/// What takes erased text out of the files, once its rows are deleted. Freed pages are overwritten by SQLite itself (`secure_delete`).
extension SQLiteStore {
    /// The pages of the search index that one transaction writes at most.
    private static let mergedPages = 32

    /// So many batches of messages may be deleted before the search index is merged. A step of a merge is bounded by what it writes, and
    /// of words that were erased it writes nothing: it reads on, and then deletes all that it has read in one transaction. So that must
    /// not be much: 64 batches of 32 KiB are some 20 ms, while all words of 20,000 messages were 160 ms and of 80,000 half a second.
    static let mostErasedBatches: Int64 = 64

    /// Merges the search index into one segment, which forgets the words of entries that were deleted.
    ///
    /// - Parameter least: nothing is done when fewer batches were deleted since the last merge.
    func mergeIndex(ifErased least: Int64 = 1) async throws(StoreError) {
        let batches = try await read { db in try db.number("SELECT erasedBatches FROM searchIndex") }
        if batches < least { return }
        // A negative number begins a merge of all segments, a positive one goes on with it.
        var pages = -Self.mergedPages
        while true {
            let step = pages
            let isDone = try await write { db in
                let before = db.totalChangesCount
                try db.run("INSERT INTO messageIndex (messageIndex, rank) VALUES ('merge', ?)", [step])
                // The statement itself counts as one change.
                guard db.totalChangesCount - before < 2 else { return false }
                // What was deleted since the merge began needs another.
                try db.run("UPDATE searchIndex SET erasedBatches = 0 WHERE erasedBatches = ?", [batches])
                try Erasure.noteToWipe(db)
                return true
            }
            if isDone { return }
            pages = Self.mergedPages
        }
    }

    /// Moves all of the write-ahead log into the file and empties it.
    ///
    /// - Throws: `.failed` when readers hold it for too long; it is worth another try.
    func emptyWriteAheadLog() async throws(StoreError) { try await withEmptyLog { _ in } }

    /// Empties the write-ahead log, then does what needs an empty one before anybody else writes.
    ///
    /// - Throws: `.failed` when readers hold it for too long; it is worth another try.
    func withEmptyLog<Value: Sendable>(
        _ work: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreError) -> Value {
        for _ in 0..<Self.emptyingTries {
            do {
                return try await pool.writeWithoutTransaction { db in
                    // Most of the work, which waits for nobody and keeps nobody waiting.
                    try db.checkpoint(.passive)
                    try db.execute(sql: "PRAGMA busy_timeout = \(Self.emptyingWait)")
                    // The same value as the pool's configuration has: see `SQLiteStore.open`.
                    defer { try? db.execute(sql: "PRAGMA busy_timeout = 5000") }
                    try db.checkpoint(.truncate)
                    return try work(db)
                }
            } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
                continue
            } catch {
                throw StoreError(error)
            }
        }
        throw .failed("readers hold the write-ahead log")
    }

    private static let emptyingTries = 50
    /// How long one try waits for readers, in milliseconds: the writer waits with it.
    private static let emptyingWait = 20
}
