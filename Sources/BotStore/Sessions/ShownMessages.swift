import BotCore
import GRDB

/// Messages of a range that are shown, counted.
struct ShownMessages: Equatable {
    var count = 0
    var inputTokens = 0
    var outputTokens = 0

    var tokens: Int { inputTokens + outputTokens }

    init() {}

    /// Counts the messages with numbers in `first...last` that were not taken back. It reads the range.
    init(of session: SessionID, _ first: Int64, _ last: Int64, _ db: Database) throws {
        guard first <= last else { return }
        let row = try db.row(
            """
            SELECT count(*), coalesce(sum(iif(role = 'user', tokens, 0)), 0),
                coalesce(sum(iif(role = 'user', 0, tokens)), 0)
            FROM message WHERE id BETWEEN ? AND ? AND \(MessageRecord.isShown)
            """, [MessageRecord.id(session, first), MessageRecord.id(session, last)])
        guard let row else { return }
        count = row[0]
        inputTokens = row[1]
        outputTokens = row[2]
    }

    /// The newest message of the user that is shown; nil when there is none.
    static func newestOfUser(in session: Session, _ db: Database) throws -> SessionMessage? {
        try db.row(
            """
            SELECT \(MessageRecord.columns) FROM message
            WHERE id BETWEEN ? AND ? AND role = 'user' AND \(MessageRecord.isShown) ORDER BY id DESC LIMIT 1
            """,
            [
                MessageRecord.id(session.id, session.floorSeq + 1), MessageRecord.id(session.id, session.headSeq),
            ]
        ).map(MessageRecord.message)
    }

    /// Takes messages back, for good: from now on those with numbers in `first...last` are neither shown nor searched. Where the
    /// summary covers one of them, the session goes back to the newest checkpoint that does not.
    ///
    /// Returns the session as it is then, and how many messages were taken back; it changes nothing when there are none.
    static func takeBack(
        _ first: Int64, through last: Int64, of session: Session, at now: Timestamp, _ db: Database
    ) throws -> (session: Session, messages: Int) {
        let range = try ShownMessages(of: session.id, first, last, db)
        guard range.count > 0 else { return (session, 0) }
        var after = session
        while after.coverage.checkpoint != nil, after.coverage.seq >= first {
            after.coverage = try after.coverage.before(in: after, db)
        }
        after.messageCount -= range.count
        after.inputTokens -= range.inputTokens
        after.outputTokens -= range.outputTokens
        after.coverage.liveMessages -= range.count
        after.coverage.liveTokens -= range.tokens
        after.isActive = true
        after.lastActiveAt = now
        // Ranges never overlap: those that lie in this one are part of it.
        try db.run(
            "DELETE FROM hidden WHERE sessionID = ? AND fromSeq BETWEEN ? AND ?", [session.id.rawValue, first, last])
        try db.run(
            "INSERT INTO hidden (sessionID, fromSeq, toSeq) VALUES (?, ?, ?)", [session.id.rawValue, first, last])
        try SessionEvent.takeBack(first, last, range).insert(of: session, at: now, db)
        return (try SessionLog.show(after, db), range.count)
    }
}

extension Coverage {
    /// The coverage without the newest checkpoint: what that newly covers is live again.
    func before(in session: Session, _ db: Database) throws -> Coverage {
        guard let record = try CheckpointRecord.fetch(of: self, db) else { return self }
        var coverage = self
        coverage.checkpoint = record.checkpoint.base
        coverage.summaryTokens = try CheckpointRecord.fetch(of: coverage, db)?.checkpoint.tokens ?? 0
        coverage.seq = max(session.floorSeq, record.checkpoint.fromSeq - 1)
        coverage.liveMessages += record.messages
        coverage.liveTokens += record.messageTokens
        return coverage
    }
}
