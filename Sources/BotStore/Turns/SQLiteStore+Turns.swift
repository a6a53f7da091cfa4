package import BotCore
import GRDB

extension SQLiteStore {
    package func begin(
        _ draft: TurnDraft, attempts: Int, apology: [RenderedChunk], at now: Timestamp
    ) async throws(StoreError) -> TurnStart {
        guard case .key(let conversation) = draft.session.conversation else {
            throw .failed("a turn needs a platform's conversation")
        }
        return try await write { [outbox] db in
            let opening = TurnOpening(
                draft: draft, conversation: conversation, attempts: attempts, apology: apology, outbox: outbox,
                now: now)
            return try opening.run(db)
        }
    }

    package func commit(
        _ turn: TurnID, _ result: TurnResult, at now: Timestamp
    ) async throws(StoreError) -> TurnCommit {
        try await write { [outbox] db in
            let record = try TurnLog.record(turn, db)
            guard let record, record.isRunning, var session = try SessionRecord.fetch(record.session, db),
                session.epoch == record.epoch
            else {
                try TurnLog.book(result, turn: turn, session: record?.session, wasSuperseded: true, at: now, db)
                return .superseded
            }
            var appended: SessionMessage?
            if let message = result.message {
                let (after, stored) = try SessionLog.append(message, to: session.id, turn: turn, at: now, db)
                session = after
                appended = stored
            }
            let rows = try outbox.settle(turn, with: result.chunks, at: now, db)
            try Inbox.end(of: turn, as: .finished, db)
            try TurnLog.book(result, turn: turn, session: session.id, wasSuperseded: false, at: now, db)
            try TurnLog.end(turn, status: "done", ending: result.ending, at: now, db)
            return .committed(session: session, appended: appended, rows: rows)
        }
    }

    package func tokenReports(limit: Int) async throws(StoreError) -> [TokenReport] { [] }

    package func park(_ turn: TurnID) async throws(StoreError) {
        try await write { db in
            try db.run(
                "UPDATE turn SET status = 'parked', attempt = attempt - 1 WHERE id = ? AND status = 'running'",
                [turn.rawValue])
        }
    }
}
