import BotCore
import GRDB

/// The newest reset of a session that cleared something, as long as it can be taken back.
struct UndoableReset {
    /// How many messages it cleared.
    let messages: Int
    /// The event that asked for it; nil over REST, and where it was not noted.
    let event: InboxID?
    private let row: StoredRow

    /// Nil when something was said since, or the newest such reset is older than `earliest`, was taken back, or is being deleted.
    static func newest(of session: Session, since earliest: Timestamp, _ db: Database) throws -> UndoableReset? {
        guard session.messageCount == 0 else { return nil }
        let row = try db.row(
            """
            SELECT id, fromSeq, toSeq, messageCount, inputTokens, outputTokens, checkpointID, summaryTokens, coveredSeq,
                liveCount, liveTokens, nextSummaryAt, outcome, at, eventID
            FROM sessionEvent
            WHERE sessionID = ? AND kind = 'reset' AND messageCount > 0 AND outcome IS NOT 'undone'
            ORDER BY id DESC LIMIT 1
            """, [session.id.rawValue])
        guard let row, (row[12] as String?) == nil, (row[13] as Int64) > earliest.rawValue else { return nil }
        return UndoableReset(messages: row[3], event: (row[14] as Int64?).map { InboxID($0) }, row: row)
    }

    /// Puts the floor back to where it was before. What a summary made since then covers is live again.
    func takeBack(of session: Session, at now: Timestamp, _ db: Database) throws -> Session {
        try db.run("UPDATE sessionEvent SET outcome = 'undone' WHERE id = ?", [row[0] as Int64])
        try SessionEvent.undo(from: row[1], to: row[2], messages: messages).insert(of: session, at: now, db)
        var after = session
        after.floorSeq = row[1]
        after.messageCount += messages
        after.inputTokens += row[4] as Int
        after.outputTokens += row[5] as Int
        after.coverage = SessionRecord.coverage(row, from: 6)
        after.coverage.liveMessages += session.messageCount
        after.coverage.liveTokens += session.totalTokens
        after.isActive = true
        after.lastActiveAt = now
        return try SessionLog.show(after, db)
    }
}
