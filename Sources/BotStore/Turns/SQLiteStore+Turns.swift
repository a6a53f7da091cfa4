package import BotCore
import GRDB

extension SQLiteStore {
    package func begin(
        _ draft: TurnDraft, attempts: Int, apology: [RenderedChunk], at now: Timestamp
    ) async throws(StoreError) -> TurnStart {
        guard case .key(let conversation) = draft.session.conversation else {
            throw .failed("a turn needs a platform's conversation")
        }
        let entry: LogEntry?
        do {
            entry =
                switch draft.work {
                case .answer(let message), .answerEdited(let message, since: _): try LogEntry(message)
                case .answerAgain: nil
                }
        } catch {
            throw StoreError(error)
        }
        return try await write { [outbox] db in
            let opening = TurnOpening(
                draft: draft, entry: entry, conversation: conversation, attempts: attempts, apology: apology,
                outbox: outbox,
                now: now)
            return try opening.run(db)
        }
    }

    package func commit(
        _ turn: TurnID, _ result: TurnResult, at now: Timestamp
    ) async throws(StoreError) -> TurnCommit {
        let entry: LogEntry?
        do {
            entry = try result.message.map(LogEntry.init)
        } catch {
            throw StoreError(error)
        }
        return try await write { [outbox] db in
            let record = try TurnLog.record(turn, db)
            guard let record, record.isRunning, var session = try SessionRecord.fetch(record.session, db),
                session.epoch == record.epoch
            else {
                // The session may have been erased, and its turn not yet.
                let known = try record.flatMap { try SessionRecord.fetch($0.session, db)?.id }
                try TurnLog.book(result.cost, turn: turn, session: known, wasSuperseded: true, at: now, db)
                return .superseded
            }
            var appended: SessionMessage?
            if let entry {
                if let last = record.replacesTo {
                    session = try ShownMessages.takeBack(
                        record.userSeq + 1, through: last, of: session, at: now, db
                    ).session
                }
                let (after, stored) = try SessionLog.append(entry, to: session.id, turn: turn, at: now, db)
                session = after
                appended = stored
            } else {
                session = try TurnSteps.withdraw(of: record, in: session, at: now, db)
            }
            let rows = try outbox.settle(turn, with: result.chunks, at: now, db)
            try Inbox.end(of: turn, as: .finished, db)
            try TurnLog.book(result.cost, turn: turn, session: session.id, wasSuperseded: false, at: now, db)
            try TurnLog.end(turn, status: "done", ending: result.ending, at: now, db)
            return .committed(session: session, appended: appended, rows: rows)
        }
    }

    package func append(_ step: TurnStep, to turn: TurnID, at now: Timestamp) async throws(StoreError) -> StepCommit {
        let entry: LogEntry
        do { entry = try LogEntry(step.message) } catch { throw StoreError(error) }
        return try await write { db in
            try TurnSteps.append(entry, cost: step.cost, to: turn, at: now, db)
        }
    }

    package func answer(
        standingAs message: String, in session: SessionID
    ) async throws(StoreError) -> SessionMessage? {
        try await read { db in
            guard let session = try SessionRecord.fetch(session, db) else { return nil }
            return try db.row(
                """
                SELECT \(MessageRecord.columns) FROM message
                WHERE id IN (
                    SELECT id FROM message WHERE id BETWEEN ? AND ? AND role = 'assistant' AND \(MessageRecord.isShown)
                    ORDER BY id DESC LIMIT 64)
                AND EXISTS (SELECT 1 FROM outbox WHERE originID = message.turnID AND origin = 'turn' AND messageID = ?)
                ORDER BY id DESC LIMIT 1
                """,
                [
                    MessageRecord.id(session.id, session.coverage.seq + 1),
                    MessageRecord.id(session.id, session.headSeq), message,
                ]
            ).map(MessageRecord.message)
        }
    }

    package func tokenReports(limit: Int) async throws(StoreError) -> [TokenReport] {
        try await read { db in
            try db.rows(
                """
                SELECT model, counted, promptTokens FROM usage
                WHERE counted IS NOT NULL AND model IS NOT NULL ORDER BY id DESC LIMIT ?
                """, [max(0, limit)]
            ).reversed().map { TokenReport(model: $0[0], counted: $0[1], reported: $0[2]) }
        }
    }

    package func park(_ turn: TurnID) async throws(StoreError) {
        try await write { db in
            try db.run(
                "UPDATE turn SET status = 'parked', attempt = attempt - 1 WHERE id = ? AND status = 'running'",
                [turn.rawValue])
        }
    }
}
