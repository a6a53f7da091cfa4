import BotCore
import GRDB

/// Steps of transactions that concern the search index: a contentless FTS5 table whose row ids are those of the messages.
///
/// Each word in it begins with the mark of its session: `42xcat` is the word `cat` in session 42. So the words of a chat lie together, a
/// search reads no other chat's entries, and what others hold cannot slow it down.
///
/// It holds each message of the user and of the assistant up to its session's `indexedSeq`, also those that were cleared or taken back
/// until they are deleted. It keeps no texts, so whoever deletes an entry has to bring the text that it was made of.
///
/// The newest messages wait, and a search indexes them before it looks past `indexedSeq`. For FTS5 writes a segment of its own for each
/// commit that adds to it, which costs more than all the rest of that commit: a turn of two commits takes SQLite 41 us without an
/// index, 97 us with an entry in each commit, and 41 us again with 20 entries at a time.
enum SearchIndex {
    /// So many messages do not wait: the last of them indexes all. By default a context shows the newest 11 to 20 messages, and its
    /// beginning moves by 10 at a time; so when it moves, no message before it waits, and recall, which searches there, finds all indexed.
    /// With 16, or with more than 20, it would at times have to wait for a commit.
    static let mostWaiting: Int64 = 20
    /// A text of so many bytes does not wait, nor does what waits before it: so the work of one transaction stays small, and beside its
    /// words the price of a segment is small too.
    static let longText = 2 << 10

    /// The text of a message as it is searched; nil for a role that is not.
    static func indexed(_ role: Role, _ text: String) -> String? {
        switch role {
        case .user, .assistant: SearchText.indexed(text).storable
        case .system, .tool: nil
        }
    }

    /// Makes the list of the sessions that are to be indexed before the transaction ends: in memory, on the writer's connection.
    static func begin(_ db: Database) throws {
        try db.run("CREATE TEMP TABLE dueSession (id INTEGER PRIMARY KEY)")
    }

    /// Sees to a message that was just added: a long one is indexed now, with those that wait, and a session in which enough of them wait
    /// before the transaction ends.
    ///
    /// - Parameter indexedSeq: the number up to which the session is indexed.
    static func take(_ entry: LogEntry, _ session: Session, indexedSeq: Int64, _ db: Database) throws {
        let seq = session.headSeq
        if entry.isLong {
            try addWaiting(in: session.id, after: indexedSeq, through: seq - 1, db)
            if let indexed = entry.indexed { try add(MessageRecord.id(session.id, seq), indexed, db) }
            try note(seq, of: session.id, db)
        } else if seq - indexedSeq >= mostWaiting {
            try db.run("INSERT OR IGNORE INTO dueSession (id) VALUES (?)", [session.id.rawValue])
        }
    }

    /// Indexes what waits in the sessions that are due, one after the other: whenever a row id goes back, FTS5 writes a segment, and the
    /// chats whose messages share a transaction would otherwise write many.
    static func addDue(_ db: Database) throws {
        let due = try db.rows("SELECT id FROM dueSession ORDER BY id")
        if due.isEmpty { return }
        for row in due { try catchUp(SessionID(row[0]), db) }
        try db.run("DELETE FROM dueSession")
    }

    /// Indexes all that waits of a session. Nothing happens where nothing waits, or where the session is gone.
    static func catchUp(_ session: SessionID, _ db: Database) throws {
        guard
            let row = try db.row(
                "SELECT indexedSeq, headSeq FROM session WHERE id = ? AND indexedSeq < headSeq", [session.rawValue])
        else { return }
        try addWaiting(in: session, after: row[0], through: row[1], db)
        try note(row[1], of: session, db)
    }

    /// Takes the entry of a message out, if there is one: a message may be deleted while it waits. The words stay in the file until the
    /// index is merged.
    static func remove(_ id: Int64, _ indexed: String, _ db: Database) throws {
        // To be told of an entry that it does not have would damage the index.
        guard try db.row("SELECT 1 FROM messageIndex_docsize WHERE id = ?", [id]) != nil else { return }
        try db.run(
            "INSERT INTO messageIndex (messageIndex, rowid, norm) VALUES ('delete', ?, ?)",
            [id, marked(indexed, of: id)])
    }

    /// Makes the index anew if it was made by another version of `SearchText`.
    static func update(_ db: Database) throws {
        guard try db.number("SELECT version FROM searchIndex") != SearchText.version else { return }
        try rebuild(db)
    }

    /// Makes the index anew from the log; nothing waits then.
    static func rebuild(_ db: Database) throws {
        try db.run("INSERT INTO messageIndex (messageIndex) VALUES ('delete-all')")
        try addAll("SELECT id, role, text FROM message WHERE role IN ('user', 'assistant') ORDER BY id", [], db)
        try db.run("UPDATE session SET indexedSeq = headSeq WHERE indexedSeq <> headSeq")
        try db.run("UPDATE searchIndex SET version = ?, erasedBatches = 0", [SearchText.version])
        // The words of entries that were deleted are gone with the old index, and no merge will tell of them.
        try Erasure.noteToWipe(db)
    }

    private static func addWaiting(in session: SessionID, after: Int64, through last: Int64, _ db: Database) throws {
        try addAll(
            """
            SELECT id, role, text FROM message WHERE id > ? AND id <= ? AND role IN ('user', 'assistant') ORDER BY id
            """, [MessageRecord.id(session, after), MessageRecord.id(session, last)], db)
    }

    /// Adds the messages that a statement gives one by one, since they may be more than the memory holds.
    private static func addAll(_ sql: String, _ arguments: SQLArguments, _ db: Database) throws {
        try db.eachRow(sql, arguments) { row in
            if let role = Role(rawValue: row[1]), let indexed = indexed(role, row[2]) { try add(row[0], indexed, db) }
            return true
        }
    }

    private static func add(_ id: Int64, _ indexed: String, _ db: Database) throws {
        try db.run("INSERT INTO messageIndex (rowid, norm) VALUES (?, ?)", [id, marked(indexed, of: id)])
    }

    // MARK: - Marks

    /// What each word of a session begins with. It ends with its only letter, so that no mark with a word is another mark with another
    /// word; and the stemmer takes neither digits nor that letter for the vowel that an ending needs.
    static func mark(of session: SessionID) -> String { "\(session.rawValue)x" }

    private static func marked(_ indexed: String, of id: Int64) -> String {
        if indexed.isEmpty { return indexed }
        let mark = Array(mark(of: MessageRecord.session(of: id)).utf8)
        var marked = mark
        marked.reserveCapacity(indexed.utf8.count * 3)
        for byte in indexed.utf8 {
            marked.append(byte)
            if byte == UInt8(ascii: " ") { marked += mark }
        }
        return String(decoding: marked, as: UTF8.self)
    }

    private static func note(_ seq: Int64, of session: SessionID, _ db: Database) throws {
        try db.run("UPDATE session SET indexedSeq = ? WHERE id = ?", [seq, session.rawValue])
    }
}
