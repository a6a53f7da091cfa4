import BotCore
import GRDB

/// Messages that are to be deleted, with their entries in the search index. They are read beside the writer, since nothing changes
/// them and the index needs their texts; deleting a batch of them takes the writer a few milliseconds.
struct DoomedMessages: Sendable {
    /// What one transaction deletes at most: messages, and bytes of what was indexed of them.
    private static let batch = (messages: 100, bytes: 32 << 10)

    private var items: [(id: Int64, indexed: String?)] = []
    private var bytes = 0
    /// Whether a range that was read has more than was taken.
    private(set) var hasMore = false

    var count: Int { items.count }
    var isFull: Bool { hasMore || items.count >= Self.batch.messages }

    /// Adds the messages with ids in `(after, last]`, oldest first, as long as there is room.
    ///
    /// - Parameter limit: the most messages of all ranges together.
    mutating func add(after: Int64, through last: Int64, limit: Int, _ db: Database) throws {
        let room = min(limit, Self.batch.messages) - items.count
        var taken = 0
        try db.eachRow(
            "SELECT id, role, text FROM message WHERE id > ? AND id <= ? ORDER BY id LIMIT ?",
            [after, last, max(0, room) + 1]
        ) { row in
            guard taken < room, bytes < Self.batch.bytes else {
                hasMore = true
                return false
            }
            let indexed = Role(rawValue: row[1]).flatMap { SearchIndex.indexed($0, row[2]) }
            items.append((row[0], indexed))
            bytes += indexed?.utf8.count ?? 0
            taken += 1
            return true
        }
    }

    /// Deletes those that are still there; returns how many of each session.
    func delete(_ db: Database) throws -> [SessionID: Int] {
        var deleted: [SessionID: Int] = [:]
        for item in items {
            try db.run("DELETE FROM message WHERE id = ?", [item.id])
            // Another task may have been faster, and the index must be told once.
            guard db.changesCount > 0 else { continue }
            if let indexed = item.indexed { try SearchIndex.remove(item.id, indexed, db) }
            deleted[MessageRecord.session(of: item.id), default: 0] += 1
        }
        if !deleted.isEmpty { try db.run("UPDATE searchIndex SET erasedBatches = erasedBatches + 1") }
        return deleted
    }
}
