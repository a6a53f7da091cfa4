package import BotCore
import GRDB

/// What time or a person takes away: expiry, the deletion of what resets cleared, and erasing.
extension SQLiteStore {
    /// See `SessionStore`. Those of an earlier minute come first; within a minute the order is that of the index, for to put a minute in
    /// order would be to read all of it.
    package func expire(at now: Timestamp, limit: Int) async throws(StoreError) -> [SessionID] {
        try await write { db in
            let sessions = try db.rows(
                """
                SELECT \(SessionRecord.columns) FROM session
                WHERE isActive = 1 AND activeMinute * 60000 + expiresAfter <= :now AND lastActiveAt + expiresAfter <= :now
                ORDER BY activeMinute LIMIT ?
                """, [now.rawValue, max(0, limit)]
            ).map(SessionRecord.session)
            for session in sessions {
                try db.run("UPDATE session SET isActive = 0 WHERE id = ?", [session.id.rawValue])
                try SessionEvent.expire.insert(of: session, at: now, db)
            }
            return sessions.map(\.id)
        }
    }

    /// See `SessionStore`. What was taken back is deleted likewise, and the summaries that held it. Once the deletion of a reset's
    /// messages has begun, the reset can no longer be taken back; one that was taken back deletes nothing.
    package func deleteCleared(before: Timestamp, limit: Int) async throws(StoreError) -> Int {
        while try await eraseStep() {}
        var left = max(0, limit)
        while left > 0 {
            try await mergeIndex(ifErased: Self.mostErasedBatches)
            let room = left
            let batch = try await read { db in try ClearedBatch(before: before, limit: room, db) }
            if batch.isEmpty { break }
            // Nil means that the batch is out of date, and is read again.
            left -= try await write { db in try batch.delete(db) } ?? 0
        }
        return limit - left
    }
}
