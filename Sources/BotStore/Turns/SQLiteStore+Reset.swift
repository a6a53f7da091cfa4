package import BotCore
import GRDB

extension SQLiteStore {
    /// See `TurnStore`. A command whose event has ended already, because a crash came after its commit, changes nothing.
    /// The confirmation needs an event to answer; over REST there is none.
    package func reset(
        _ request: CommandRequest, stopped: RenderedChunk,
        confirmation: @escaping @Sendable (ResetSummary) -> [RenderedChunk]
    ) async throws(StoreError) -> ResetOutcome {
        try await write { [outbox] db in
            let before = try SessionRecord.fetch(of: request.conversation, db)
            let command = try Command(request, before, db)
            guard let command else {
                return ResetOutcome(
                    summary: ResetSummary(clearedMessages: 0, droppedEvents: 0), session: before, stoppedTurns: [],
                    rows: [])
            }
            let turns = try before.map { try TurnLog.supersedeAll(of: $0.id, at: request.at, db) } ?? []
            var dropped = 0
            var standing: [OutboxRow] = []
            if let key = command.conversation {
                dropped = try Inbox.dropWaiting(in: key, before: request.event, db)
                standing = try outbox.stop(in: key, with: stopped, at: request.at, db)
            }
            let summary = ResetSummary(clearedMessages: before?.messageCount ?? 0, droppedEvents: dropped)
            let session = try before.map { try Self.clear($0, at: request.at, db) }
            let rows = try command.answer(confirmation(summary), outbox, db)
            return ResetOutcome(
                summary: summary, session: session, stoppedTurns: turns, rows: rows + standing)
        }
    }

    /// See `TurnStore`. The epoch stays: what is running now was begun after the reset and may commit. A reset that cleared
    /// nothing is passed over, so that `/reset` sent twice can be taken back too.
    package func undoReset(
        _ request: CommandRequest, within: Duration, confirmation: @escaping @Sendable (Int?) -> [RenderedChunk]
    ) async throws(StoreError) -> UndoOutcome {
        try await write { [outbox] db in
            let session = try SessionRecord.fetch(of: request.conversation, db)
            guard let command = try Command(request, session, db) else { return .nothing(rows: []) }
            let earliest = request.at - within
            guard let session, let restored = try Self.restore(session, since: earliest, at: request.at, db) else {
                return .nothing(rows: try command.answer(confirmation(nil), outbox, db))
            }
            let rows = try command.answer(confirmation(restored.messages), outbox, db)
            return .restored(messages: restored.messages, session: restored.session, rows: rows)
        }
    }

    /// Raises the epoch and the floor, and notes what undoing takes. Where nothing is cleared nothing is left to delete: people
    /// who reset again and again must not hold up the deletion of what others cleared.
    private static func clear(_ session: Session, at now: Timestamp, _ db: Database) throws -> Session {
        try db.run(
            """
            INSERT INTO sessionEvent (sessionID, kind, at, epoch, fromSeq, toSeq, messageCount, inputTokens, outputTokens,
                outcome)
            VALUES (?, 'reset', ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                session.id.rawValue, now.rawValue, session.epoch, session.floorSeq, session.headSeq,
                session.messageCount, session.inputTokens, session.outputTokens,
                session.floorSeq == session.headSeq ? "deleted" : nil,
            ])
        return try SessionLog.changed(
            db.row(
                """
                UPDATE session SET epoch = epoch + 1, floorSeq = headSeq, messageCount = 0, inputTokens = 0,
                    outputTokens = 0, isActive = 1, lastActiveAt = ?
                WHERE id = ? RETURNING \(SessionRecord.columns)
                """, [now.rawValue, session.id.rawValue]))
    }

    /// Puts the floor back to where it was before the newest reset that cleared something.
    private static func restore(
        _ session: Session, since earliest: Timestamp, at now: Timestamp, _ db: Database
    ) throws -> (messages: Int, session: Session)? {
        let row = try db.row(
            """
            SELECT id, fromSeq, toSeq, messageCount, inputTokens, outputTokens FROM sessionEvent
            WHERE id = (
                SELECT id FROM sessionEvent WHERE sessionID = ? AND kind = 'reset' AND messageCount > 0
                ORDER BY id DESC LIMIT 1)
            AND outcome IS NULL AND at > ?
            """, [session.id.rawValue, earliest.rawValue])
        guard let row else { return nil }
        let messages: Int = row[3]
        try db.run("UPDATE sessionEvent SET outcome = 'undone' WHERE id = ?", [row[0] as Int64])
        try db.run(
            """
            INSERT INTO sessionEvent (sessionID, kind, at, epoch, fromSeq, toSeq, messageCount)
            VALUES (?, 'undo', ?, ?, ?, ?, ?)
            """, [session.id.rawValue, now.rawValue, session.epoch, row[1] as Int64, row[2] as Int64, messages])
        let after = try SessionLog.changed(
            db.row(
                """
                UPDATE session SET floorSeq = ?, messageCount = messageCount + ?, inputTokens = inputTokens + ?,
                    outputTokens = outputTokens + ?, isActive = 1, lastActiveAt = ?
                WHERE id = ? RETURNING \(SessionRecord.columns)
                """,
                [
                    row[1] as Int64, messages, row[4] as Int, row[5] as Int, now.rawValue, session.id.rawValue,
                ]))
        return (messages, after)
    }
}

/// A `/reset` or `/undo` inside its transaction: its event, which ends, and its conversation, if a platform has it.
private struct Command {
    let conversation: ConversationKey?
    private let event: (id: InboxID, stored: InboundEvent)?

    /// Ends the command's event. Nil when it had ended before.
    init?(_ request: CommandRequest, _ session: Session?, _ db: Database) throws {
        if case .key(let key) = request.conversation { conversation = key } else { conversation = session?.key }
        guard let id = request.event else {
            event = nil
            return
        }
        guard let pending = try Inbox.pending(id, db) else { return nil }
        event = (id, try pending.event())
        try Inbox.end(id, as: .finished, db)
    }

    func answer(_ chunks: [RenderedChunk], _ outbox: Outbox, _ db: Database) throws -> [OutboxRow] {
        guard let event else { return [] }
        return try outbox.queue(
            chunks, origin: .event(event.id), in: event.stored.conversation, address: event.stored.replyAddress, db)
    }
}
