package import BotCore
import GRDB

/// What time or a person takes away: expiry, the deletion of what resets cleared, and erasing.
extension SQLiteStore {
    package func expire(at now: Timestamp, limit: Int) async throws(StoreError) -> [SessionID] {
        try await write { db in
            let rows = try db.rows(
                """
                SELECT id FROM session WHERE isActive = 1 AND lastActiveAt + expiresAfter <= ?
                ORDER BY lastActiveAt LIMIT ?
                """, [now.rawValue, limit])
            for row in rows {
                try db.run("UPDATE session SET isActive = 0 WHERE id = ?", [row[0] as Int64])
            }
            return rows.map { SessionID($0[0]) }
        }
    }

    /// See `SessionStore`. Once the deletion of a reset's messages has begun, the reset can no longer be taken back; one
    /// that was taken back deletes nothing.
    package func deleteCleared(before: Timestamp, limit: Int) async throws(StoreError) -> Int {
        try await write { db in
            let resets = try db.rows(
                """
                SELECT id, sessionID, fromSeq, toSeq FROM sessionEvent
                WHERE kind = 'reset' AND (outcome IS NULL OR outcome = 'deleting') AND at < ? ORDER BY at LIMIT 64
                """, [before.rawValue])
            var left = limit
            for row in resets where left > 0 {
                let event: Int64 = row[0]
                let session = SessionID(row[1])
                try db.run(
                    """
                    DELETE FROM message WHERE id IN (
                        SELECT id FROM message WHERE id > ? AND id <= ? ORDER BY id LIMIT ?)
                    """, [MessageRecord.id(session, row[2]), MessageRecord.id(session, row[3]), left])
                let deleted = db.changesCount
                let isComplete = deleted < left
                left -= deleted
                try db.run(
                    "UPDATE sessionEvent SET outcome = ? WHERE id = ?", [isComplete ? "deleted" : "deleting", event])
            }
            return limit - left
        }
    }

    /// See `SessionStore`. Events of its conversation that were waiting end; their ids stay known as seen, so that a
    /// platform which repeats one does not bring it back.
    package func erase(_ session: SessionID) async throws(StoreError) -> Bool {
        try await write { db in
            guard let known = try SessionRecord.fetch(session, db) else { return false }
            if let key = known.key?.description {
                try db.run(
                    "UPDATE inbox SET state = 'dropped', payload = NULL WHERE conversation = ? AND state = 'pending'",
                    [key])
                try db.run("DELETE FROM outbox WHERE conversation = ?", [key])
            }
            try db.run(
                "DELETE FROM message WHERE id BETWEEN ? AND ?",
                [MessageRecord.id(session, 0), MessageRecord.id(session, known.headSeq)])
            // Its turns, events and usage go with it.
            try db.run("DELETE FROM session WHERE id = ?", [session.rawValue])
            try db.run("DELETE FROM conversation WHERE id = ?", [known.conversation.rawValue])
            return true
        }
    }
}
