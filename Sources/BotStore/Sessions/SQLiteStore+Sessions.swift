package import BotCore
import GRDB

extension SQLiteStore {
    /// See `SessionStore`. A number from 2^32 on that no platform's conversation has fails with `.failed`.
    package func getOrCreate(_ draft: SessionDraft, at now: Timestamp) async throws(StoreError) -> Session {
        let known = try await read { db in try SessionRecord.fetch(of: draft.conversation, db) }
        // Most calls find an active session, and need no write.
        if let known, known.isActive { return known }
        return try await write { db in try SessionLog.open(draft, at: now, db) }
    }

    package func session(_ id: SessionID) async throws(StoreError) -> Session? {
        try await read { db in try SessionRecord.fetch(id, db) }
    }

    package func session(of conversation: ConversationID) async throws(StoreError) -> Session? {
        try await read { db in try SessionRecord.fetch(of: conversation, db) }
    }

    package func session(of key: ConversationKey) async throws(StoreError) -> Session? {
        try await read { db in try SessionRecord.fetch(of: key, db) }
    }

    package func activeSessions(limit: Int) async throws(StoreError) -> [Session] {
        try await read { db in
            try db.rows(
                """
                SELECT \(SessionRecord.columns) FROM session
                WHERE isActive = 1 ORDER BY activeMinute DESC, lastActiveAt DESC, id DESC LIMIT ?
                """, [limit]
            ).map(SessionRecord.session)
        }
    }

    package func append(
        _ message: MessageDraft, to session: SessionID, at now: Timestamp
    ) async throws(StoreError) -> Appended? {
        let entry: LogEntry
        do {
            entry = try LogEntry(message)
        } catch {
            throw StoreError(error)
        }
        return try await write { db in
            if let externalID = entry.externalID,
                let known = try MessageRecord.fetch(session, externalID: externalID, db),
                let session = try SessionRecord.fetch(session, db)
            {
                return Appended(session: session, message: known, isNew: false)
            }
            return try SessionLog.appendIfThere(entry, to: session, at: now, db).map { session, message in
                Appended(session: session, message: message, isNew: true)
            }
        }
    }

    package func newestMessages(of session: SessionID, limit: Int) async throws(StoreError) -> [SessionMessage] {
        try await read { db in
            guard let row = try db.row("SELECT coveredSeq, headSeq FROM session WHERE id = ?", [session.rawValue])
            else { return [] }
            return try db.rows(
                """
                SELECT \(MessageRecord.columns) FROM message
                WHERE id > ? AND id <= ? AND \(MessageRecord.isShown) ORDER BY id DESC LIMIT ?
                """, [MessageRecord.id(session, row[0]), MessageRecord.id(session, row[1]), max(0, limit)]
            ).reversed().map(MessageRecord.message)
        }
    }

    package func updateState(
        of session: SessionID, with patch: [String: JSONValue], at now: Timestamp
    ) async throws(StoreError) -> Session? {
        try await write { db in
            guard let known = try SessionRecord.fetch(session, db) else { return nil }
            let state = known.state.merging(patch) { _, new in new }
            return try SessionLog.changed(
                db.row(
                    """
                    UPDATE session SET state = ?, isActive = 1, lastActiveAt = :now, activeMinute = :now / 60000
                    WHERE id = ? RETURNING \(SessionRecord.columns)
                    """, [try JSONText.encode(state), now.rawValue, session.rawValue]))
        }
    }

    package func chooseModel(_ name: String?, of session: SessionID) async throws(StoreError) -> Session? {
        try await write { db in
            try db.row(
                "UPDATE session SET chosenModel = ? WHERE id = ? RETURNING \(SessionRecord.columns)",
                [name, session.rawValue]
            ).map(SessionRecord.session)
        }
    }

    package func deactivate(_ session: SessionID) async throws(StoreError) -> Bool {
        try await write { db in
            try db.row("UPDATE session SET isActive = 0 WHERE id = ? RETURNING id", [session.rawValue]) != nil
        }
    }

    package func count(toolCalls: Int, errors: Int, in session: SessionID) async throws(StoreError) {
        try await write { db in
            try db.run(
                "UPDATE session SET toolCalls = toolCalls + ?, errors = errors + ? WHERE id = ?",
                [toolCalls, errors, session.rawValue])
        }
    }

    package func statistics() async throws(StoreError) -> StoreStatistics {
        try await readBetweenWrites { db in try SessionTotals.statistics(db) }
    }
}
