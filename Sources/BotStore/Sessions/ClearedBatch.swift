import BotCore
import GRDB

/// A step of deleting what was cleared or taken back before a moment, or may not be kept any longer: the oldest events whose messages are to go, and as many of these
/// as one transaction may delete.
struct ClearedBatch: Sendable {
    private struct Event: Sendable {
        let id: Int64
        let session: SessionID
        /// Whether only the messages were taken back, and not all of its range is gone for good.
        let isTakeBack: Bool
        let from: Int64
        let to: Int64
        let newestCheckpoint: Int64?
        /// Whether its messages are all in the batch.
        let isComplete: Bool
    }

    private var events: [Event] = []
    private var messages = DoomedMessages()

    var isEmpty: Bool { events.isEmpty }

    init(before: Timestamp, limit: Int, _ db: Database) throws {
        let rows = try db.rows(
            """
            SELECT id, sessionID, kind, fromSeq, toSeq, newestCheckpointID FROM sessionEvent
            WHERE kind IN ('reset', 'takeBack', 'retention') AND (outcome IS NULL OR outcome = 'deleting')
                AND (at < ? OR kind = 'retention')
            ORDER BY at LIMIT 64
            """, [before.rawValue])
        for row in rows where !messages.isFull && messages.count < limit {
            let session = SessionID(row[1])
            try messages.add(
                after: MessageRecord.id(session, row[3]), through: MessageRecord.id(session, row[4]), limit: limit, db)
            events.append(
                Event(
                    id: row[0], session: session, isTakeBack: row[2] as String == "takeBack", from: row[3], to: row[4],
                    newestCheckpoint: row[5], isComplete: !messages.hasMore))
        }
    }

    /// Deletes the messages; returns how many there were. Nil when one of the resets was taken back since the batch was read: nothing
    /// is done then.
    func delete(_ db: Database) throws -> Int? {
        for event in events {
            let isDue = try db.number(
                "SELECT outcome IS NULL OR outcome = 'deleting' FROM sessionEvent WHERE id = ?", [event.id])
            if isDue == 0 { return nil }
        }
        for event in events {
            try db.run(
                "UPDATE sessionEvent SET outcome = ? WHERE id = ?",
                [event.isComplete ? "deleted" : "deleting", event.id])
            if event.isComplete { try deleteLeftBehind(event, db) }
        }
        let deleted = try messages.delete(db)
        for (session, count) in deleted {
            try db.run("UPDATE session SET deleted = deleted + ? WHERE id = ?", [count, session.rawValue])
        }
        return deleted.values.reduce(0, +)
    }

    /// Deletes the summaries that hold what the event's messages said. No session stands on them: a reset has cleared them, and one
    /// that takes back what a summary covers leaves it behind.
    private func deleteLeftBehind(_ event: Event, _ db: Database) throws {
        if event.isTakeBack {
            try db.run(
                "DELETE FROM checkpoint WHERE sessionID = ? AND toSeq > ? AND id <= ?",
                [event.session.rawValue, event.from, event.newestCheckpoint])
        } else {
            // Only in its own range: an older reset that was taken back has left others before it.
            for table in ["checkpoint", "hidden"] {
                try db.run(
                    "DELETE FROM \(table) WHERE sessionID = ? AND fromSeq > ? AND toSeq <= ?",
                    [event.session.rawValue, event.from, event.to])
            }
        }
    }
}
