import BotCore
import GRDB

/// Parts of transactions that concern what a turn adds to the log before its answer.
enum TurnSteps {
    static func append(
        _ entry: LogEntry, cost: RequestCost?, to turn: TurnID, at now: Timestamp, _ db: Database
    ) throws -> StepCommit {
        let record = try TurnLog.record(turn, db)
        let known = try record.flatMap { try SessionRecord.fetch($0.session, db) }
        guard let record, record.isRunning, var session = known, session.epoch == record.epoch else {
            try TurnLog.book(cost, turn: turn, session: known?.id, wasSuperseded: true, at: now, db)
            return .superseded
        }
        if let externalID = entry.externalID,
            let message = try MessageRecord.fetch(session.id, externalID: externalID, db)
        {
            return .appended(session: session, message: message)
        }
        let message: SessionMessage
        (session, message) = try SessionLog.append(entry, to: session.id, turn: turn, at: now, db)
        try TurnLog.book(cost, turn: turn, session: session.id, wasSuperseded: false, at: now, db)
        if !message.toolCalls.isEmpty {
            session.toolCalls += message.toolCalls.count
            try db.run("UPDATE session SET toolCalls = ? WHERE id = ?", [session.toolCalls, session.id.rawValue])
        }
        return .appended(session: session, message: message)
    }

    /// What a turn has added to the log behind the message that it answers, oldest first.
    static func all(of turn: TurnLog.Record, in session: Session, _ db: Database) throws -> [SessionMessage] {
        try db.rows(
            """
            SELECT \(MessageRecord.columns) FROM message
            WHERE id BETWEEN ? AND ? AND turnID = ? AND role IN ('assistant', 'tool') AND \(MessageRecord.isShown)
            ORDER BY id
            """,
            [
                MessageRecord.id(session.id, turn.userSeq + 1), MessageRecord.id(session.id, session.headSeq),
                turn.id.rawValue,
            ]
        ).map(MessageRecord.message)
    }

    /// Takes the steps back of a turn that was to replace an answer and has come to none: the old answer stands as it was.
    static func withdraw(
        of turn: TurnLog.Record, in session: Session, at now: Timestamp, _ db: Database
    ) throws -> Session {
        guard turn.replacesTo != nil else { return session }
        var session = session
        for step in try all(of: turn, in: session, db) {
            session = try ShownMessages.takeBack(step.seq, through: step.seq, of: session, at: now, db).session
        }
        return session
    }
}
