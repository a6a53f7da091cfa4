package import BotCore
import GRDB

extension SQLiteStore {
    /// See `ChatCommandStore`. A turn that answers a message which is taken back can no longer commit.
    ///
    /// The epoch stays. A reset that cleared nothing is passed over, so that `/reset` sent twice can be taken back too.
    package func undo(
        _ request: CommandRequest, within: Duration, confirmation: @escaping @Sendable (Undone) -> [RenderedChunk]
    ) async throws(StoreError) -> CommandOutcome {
        try await write { [outbox] db in
            var session = try SessionRecord.fetch(of: request.conversation, db)
            guard let command = try ChatCommand(request, session, db) else {
                return CommandOutcome(session: session, rows: [])
            }
            var done = Undone.nothing
            var stopped: [TurnID] = []
            if let before = session {
                if let restored = try Self.restore(before, since: request.at - within, at: request.at, db) {
                    session = restored.session
                    done = .reset(messages: restored.messages)
                } else if let message = try ShownMessages.newestOfUser(in: before, db) {
                    stopped = try TurnLog.supersedeAll(of: before.id, answering: message.seq, at: request.at, db)
                    for turn in stopped { try outbox.cancel(turn, at: request.at, db) }
                    let after = try ShownMessages.takeBack(
                        message.seq, through: before.headSeq, of: before, at: request.at, db)
                    session = after.session
                    done = .exchange(messages: after.messages, question: message.text)
                }
            }
            let rows = try command.answer(confirmation(done), outbox, db)
            return CommandOutcome(session: session, stoppedTurns: stopped, rows: rows)
        }
    }

    /// Puts the floor back to where it was before the newest reset that cleared something, if nothing was said since. What a summary
    /// made since then covers is live again.
    private static func restore(
        _ session: Session, since earliest: Timestamp, at now: Timestamp, _ db: Database
    ) throws -> (session: Session, messages: Int)? {
        guard session.messageCount == 0 else { return nil }
        let row = try db.row(
            """
            SELECT id, fromSeq, toSeq, messageCount, inputTokens, outputTokens, checkpointID, summaryTokens, coveredSeq,
                liveCount, liveTokens, nextSummaryAt, outcome, at
            FROM sessionEvent
            WHERE sessionID = ? AND kind = 'reset' AND messageCount > 0 AND outcome IS NOT 'undone'
            ORDER BY id DESC LIMIT 1
            """, [session.id.rawValue])
        guard let row, (row[12] as String?) == nil, (row[13] as Int64) > earliest.rawValue else { return nil }
        let messages: Int = row[3]
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
        return (try SessionLog.show(after, db), messages)
    }
}
