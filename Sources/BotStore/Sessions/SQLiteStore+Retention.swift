package import BotCore
import GRDB

/// What time or a person takes away: expiry, retention, and the deletion of what resets cleared.
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

    package func outdated(
        before: Timestamp, after: SessionID?, limit: Int
    ) async throws(StoreError) -> [OutdatedSession] {
        try await read { db in
            try db.rows(
                """
                SELECT \(SessionRecord.columns) FROM session
                WHERE id > :after AND floorSeq < headSeq AND (
                    SELECT createdAt FROM message
                    WHERE message.id > (session.id << 32) + floorSeq AND message.id <= (session.id << 32) + headSeq
                    ORDER BY message.id LIMIT 1) < :before
                ORDER BY id LIMIT :limit
                """, [after?.rawValue ?? 0, before.rawValue, max(0, limit)]
            ).compactMap { row in
                let session = try SessionRecord.session(row)
                let through = try Self.newestOutdated(in: session, before: before, db)
                return through > session.floorSeq ? OutdatedSession(session: session, through: through) : nil
            }
        }
    }

    package func takeAway(
        _ outdated: OutdatedSession, leaving summary: CheckpointDraft?, at now: Timestamp
    ) async throws(StoreError) -> Session? {
        try await write { db in
            guard let session = try SessionRecord.fetch(outdated.session.id, db),
                session.revision == outdated.session.revision, outdated.through > session.floorSeq,
                outdated.through <= session.headSeq
            else { return nil }
            let gone = try ShownMessages(of: session.id, session.floorSeq + 1, outdated.through, db)
            try SessionEvent.retention(through: outdated.through, gone).insert(of: session, at: now, db)
            try db.run("DELETE FROM checkpoint WHERE sessionID = ?", [session.id.rawValue])
            var after = session
            after.floorSeq = outdated.through
            after.messageCount -= gone.count
            after.inputTokens -= gone.inputTokens
            after.outputTokens -= gone.outputTokens
            after.coverage = try Self.coverage(of: after, leaving: summary, at: now, db)
            return try SessionLog.show(after, db)
        }
    }

    /// The number of the last message that is older, with all before it; 0 when the first one stays.
    private static func newestOutdated(in session: Session, before: Timestamp, _ db: Database) throws -> Int64 {
        let kept = try db.row(
            "SELECT seq FROM message WHERE id > ? AND id <= ? AND createdAt >= ? ORDER BY id LIMIT 1",
            [
                MessageRecord.id(session.id, session.floorSeq), MessageRecord.id(session.id, session.headSeq),
                before.rawValue,
            ])
        let unanswered = try db.row(
            "SELECT min(userSeq) FROM turn WHERE sessionID = ? AND status IN ('running', 'parked')",
            [session.id.rawValue]
        ).flatMap { $0[0] as Int64? }
        return min(kept?[0] ?? session.headSeq + 1, unanswered ?? .max) - 1
    }

    /// What covers the messages above the new floor: the summary that is left, or none.
    private static func coverage(
        of session: Session, leaving summary: CheckpointDraft?, at now: Timestamp, _ db: Database
    ) throws -> Coverage {
        var coverage = Coverage(
            seq: session.floorSeq, liveMessages: session.messageCount, liveTokens: session.totalTokens,
            nextSummaryAt: session.coverage.nextSummaryAt)
        guard let summary, summary.base == nil, summary.fromSeq == session.floorSeq + 1,
            summary.toSeq == session.coverage.seq, summary.fromSeq <= summary.toSeq
        else { return coverage }
        let covered = try ShownMessages(of: session.id, summary.fromSeq, summary.toSeq, db)
        coverage.checkpoint = try CheckpointRecord.insert(
            summary, covering: covered.count, covered.tokens, at: now, db
        ).id
        coverage.summaryTokens = summary.tokens
        coverage.seq = summary.toSeq
        coverage.liveMessages -= covered.count
        coverage.liveTokens -= covered.tokens
        return coverage
    }
}
