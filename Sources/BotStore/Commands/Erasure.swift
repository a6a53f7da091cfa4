import BotCore
import GRDB

/// The erasing of a conversation: a transaction that makes it invisible at once, and steps that delete what is left of it.
struct Erasure: Sendable {
    /// The most rows of a step.
    private static let batch = 500

    private static let hasRows = "(sessionID IS NOT NULL OR conversation IS NOT NULL)"

    let id: Int64
    private let session: SessionID?
    private let conversation: String?
    private let lastOutboxID: Int64

    /// Detaches a conversation's session and drops what waits in it, but for previews that were stopped (`Outbox.stop`): these hold no
    /// words of it any more, and are still to be edited in the chat.
    static func begin(
        of session: Session?, in conversation: ConversationKey?, before event: InboxID?, _ db: Database
    ) throws -> Forgotten {
        var dropped = 0
        if let conversation {
            dropped = try Inbox.dropWaiting(in: conversation, before: event, db)
            try db.run(
                "DELETE FROM outbox WHERE conversation = ? AND state IN ('making', 'ready') AND origin <> 'turn'",
                [conversation.description])
        }
        let held = try holdings(of: session, db)
        if let session {
            try db.run("DELETE FROM session WHERE id = ?", [session.id.rawValue])
            try db.run("DELETE FROM conversation WHERE id = ?", [session.conversation.rawValue])
        }
        try db.run(
            """
            INSERT INTO erasure (sessionID, conversation, lastOutboxID)
            VALUES (?, ?, (SELECT coalesce(max(id), 0) FROM outbox))
            """, [session?.id.rawValue, conversation?.description])
        return Forgotten(messages: held.messages, summaries: held.summaries, droppedEvents: dropped)
    }

    /// What there is of a session to erase.
    static func holdings(of session: Session?, _ db: Database) throws -> Holdings {
        guard let session else { return Holdings(messages: 0, summaries: 0, since: nil) }
        let id = session.id.rawValue
        let oldest = try db.row(
            "SELECT createdAt FROM message WHERE id > ? AND id <= ? ORDER BY id LIMIT 1",
            [MessageRecord.id(session.id, 0), MessageRecord.id(session.id, session.headSeq)])
        return Holdings(
            messages: Int(try db.number("SELECT headSeq - deleted FROM session WHERE id = ?", [id])),
            summaries: Int(try db.number("SELECT count(*) FROM checkpoint WHERE sessionID = ?", [id])),
            since: oldest.map { Timestamp(rawValue: $0[0]) })
    }

    /// The oldest that has rows left. One that has none stays, without its names, until the file is wiped too.
    static func next(_ db: Database) throws -> Erasure? {
        try db.row("SELECT id, sessionID, conversation, lastOutboxID FROM erasure WHERE \(hasRows) ORDER BY id LIMIT 1")
            .map { row in
                Erasure(
                    id: row[0], session: (row[1] as Int64?).map { SessionID($0) }, conversation: row[2],
                    lastOutboxID: row[3])
            }
    }

    /// The newest of those of which only words in unused parts of pages can be left; 0 when there is none.
    static func newestToWipe(_ db: Database) throws -> Int64 {
        try db.number("SELECT coalesce(max(id), 0) FROM erasure WHERE NOT \(hasRows)")
    }

    /// Notes that words were erased of which copies may be left in unused parts of pages.
    static func noteToWipe(_ db: Database) throws { try db.run("INSERT INTO erasure (lastOutboxID) VALUES (0)") }

    /// Ends those up to this one, since the file was wiped after it.
    static func endWiped(through id: Int64, _ db: Database) throws {
        try db.run("DELETE FROM erasure WHERE id <= ? AND NOT \(hasRows)", [id])
    }

    /// The next of its messages.
    func messages(_ db: Database) throws -> DoomedMessages {
        var messages = DoomedMessages()
        if let session {
            try messages.add(
                after: MessageRecord.id(session, 0), through: MessageRecord.id(SessionID(session.rawValue + 1), 0),
                limit: .max, db)
        }
        return messages
    }

    /// The next of its outbox rows, of those that have ended. It walks through the table, so it is done beside the writer.
    func outboxRows(_ db: Database) throws -> [Int64] {
        guard let conversation else { return [] }
        return try db.rows(
            "SELECT id FROM outbox WHERE conversation = ? AND id <= ? AND address IS NULL ORDER BY id LIMIT ?",
            [conversation, lastOutboxID, Self.batch]
        ).map { $0[0] }
    }

    /// Deletes the next of its smaller rows; false when there are none left.
    func deleteRows(_ db: Database) throws -> Bool {
        guard let session else { return false }
        for table in ["turn", "usage", "sessionEvent", "checkpoint"] {
            try db.run(
                "DELETE FROM \(table) WHERE id IN (SELECT id FROM \(table) WHERE sessionID = ? LIMIT ?)",
                [session.rawValue, Self.batch])
            if db.changesCount > 0 { return true }
        }
        try db.run("DELETE FROM hidden WHERE sessionID = ?", [session.rawValue])
        return false
    }
}

extension SQLiteStore {
    /// Does one step of what erasing has left to do; false when nothing is left.
    func eraseStep() async throws(StoreError) -> Bool {
        try await mergeIndex(ifErased: Self.mostErasedBatches)
        let next = try await read { db in
            try Erasure.next(db).map { ($0, try $0.messages(db), try $0.outboxRows(db)) }
        }
        guard let (erasure, messages, rows) = next else { return false }
        try await write { db in
            if messages.count > 0 {
                _ = try messages.delete(db)
                return
            }
            // One that was cancelled may have come back to life since it was read.
            for row in rows { try db.run("DELETE FROM outbox WHERE id = ? AND address IS NULL", [row]) }
            if try rows.isEmpty && !erasure.deleteRows(db) {
                // By a number of its own: a wiping that is under way may have passed its pages, and ends only what it had seen.
                try Erasure.noteToWipe(db)
                try db.run("DELETE FROM erasure WHERE id = ?", [erasure.id])
            }
        }
        return true
    }
}
