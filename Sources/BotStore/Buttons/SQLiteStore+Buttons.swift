package import BotCore
import GRDB

extension SQLiteStore {
    package func standing(
        of action: ReplyAction, in conversation: ConversationKey, at now: Timestamp, undoWithin period: Duration
    ) async throws(StoreError) -> ButtonStanding? {
        try await read { db in
            guard let session = try SessionRecord.fetch(of: conversation, db) else { return nil }
            switch action {
            case .retry(let id), .resume(let id):
                guard let turn = try TurnLog.record(id, db), turn.session == session.id else { return nil }
                return ButtonStanding(
                    person: turn.person, name: try MessageRecord.fetch(session.id, seq: turn.userSeq, db)?.speaker,
                    isCurrent: try turn.isNewest(in: session, db))
            case .undoReset(let event):
                let person = try db.row(
                    "SELECT person FROM sessionEvent WHERE sessionID = ? AND kind = 'reset' AND eventID = ?",
                    [session.id.rawValue, event.rawValue])
                guard let person else { return nil }
                let newest = try UndoableReset.newest(of: session, since: now - period, db)
                return ButtonStanding(person: person[0], name: nil, isCurrent: newest?.event == event)
            case .decide: return nil
            }
        }
    }

    package func undoReset(
        _ reset: InboxID, _ request: CommandRequest, within: Duration,
        confirmation: @escaping @Sendable (_ messages: Int) -> [RenderedChunk]
    ) async throws(StoreError) -> CommandOutcome {
        try await write { [outbox] db in
            let request = try request.current(db)
            let session = try SessionRecord.fetch(of: request.conversation, db)
            guard let command = try ChatCommand(request, session, db), let session,
                let newest = try UndoableReset.newest(of: session, since: request.at - within, db),
                newest.event == reset
            else { return CommandOutcome(session: session, rows: []) }
            let restored = try newest.takeBack(of: session, at: request.at, db)
            let rows = try command.answer(confirmation(newest.messages), outbox, db)
            return CommandOutcome(session: restored, rows: rows)
        }
    }
}

extension TurnLog.Record {
    /// Whether its answer is the newest thing of its chat: nothing was said or cleared since, and no later turn has answered its message.
    func isNewest(in session: Session, _ db: Database) throws -> Bool {
        guard isDone, epoch == session.epoch, try ShownMessages.newestOfUser(in: session, db)?.seq == userSeq else {
            return false
        }
        let later = try db.number(
            """
            SELECT count(*) FROM turn
            WHERE sessionID = ? AND status IN ('running', 'parked', 'done', 'setAside') AND id > ? AND userSeq = ?
            """, [session.id.rawValue, id.rawValue, userSeq])
        return later == 0
    }
}
