import BotCore
import GRDB

/// Steps of transactions that concern turns.
enum TurnLog {
    /// A stored turn that has not ended, or has.
    struct Record {
        static let columns = "id, sessionID, epoch, userSeq, status, attempt, replacesTo, person"

        let id: TurnID
        let session: SessionID
        let epoch: Int64
        let userSeq: Int64
        /// For another answer to the message: when it commits, what stands in the log up to here is taken back.
        let replacesTo: Int64?
        /// Who asked, in shared chats.
        let person: String?
        let isRunning: Bool
        let isParked: Bool
        let isDone: Bool
        let attempt: Int

        var isOpen: Bool { isRunning || isParked }

        init(_ row: StoredRow) {
            id = TurnID(row[0])
            session = SessionID(row[1])
            epoch = row[2]
            userSeq = row[3]
            let status: String = row[4]
            isRunning = status == "running"
            isParked = status == "parked"
            isDone = status == "done"
            attempt = row[5]
            replacesTo = row[6]
            person = row[7]
        }
    }

    static func record(_ id: TurnID, _ db: Database) throws -> Record? {
        try db.row("SELECT \(Record.columns) FROM turn WHERE id = ?", [id.rawValue]).map(Record.init)
    }

    /// A turn that has ended with an answer, as an edit of its message needs it.
    struct Answered {
        let id: TurnID
        let epoch: Int64
        let userSeq: Int64
        let messageID: String?
        let endedAt: Timestamp
    }

    /// The newest turn of a session that has ended with an answer or a failure.
    static func newestDone(of session: SessionID, _ db: Database) throws -> Answered? {
        try db.row(
            """
            SELECT id, epoch, userSeq, messageID, coalesce(endedAt, 0) FROM turn
            WHERE sessionID = ? AND status = 'done' ORDER BY id DESC LIMIT 1
            """, [session.rawValue]
        ).map { row in
            Answered(
                id: TurnID(row[0]), epoch: row[1], userSeq: row[2], messageID: row[3],
                endedAt: Timestamp(rawValue: row[4]))
        }
    }

    /// Whether a turn of the session is under way.
    static func isOneOpen(of session: SessionID, _ db: Database) throws -> Bool {
        try db.row(
            "SELECT 1 FROM turn WHERE sessionID = ? AND status IN ('running', 'parked') LIMIT 1", [session.rawValue])
            != nil
    }

    /// Ends a turn.
    static func end(
        _ id: TurnID, status: String, ending: TurnEnding? = nil, at now: Timestamp, _ db: Database
    ) throws {
        try db.run(
            "UPDATE turn SET status = ?, ending = ?, endedAt = ? WHERE id = ?",
            [status, ending?.rawValue, now.rawValue, id.rawValue])
    }

    /// Supersedes all open turns of a session that answer a message with this number or a later one, and ends their events; returns
    /// the turns.
    static func supersedeAll(
        of session: SessionID, answering seq: Int64 = 0, at now: Timestamp, _ db: Database
    ) throws -> [TurnID] {
        let turns = try db.rows(
            """
            SELECT id FROM turn WHERE sessionID = ? AND status IN ('running', 'parked') AND userSeq >= ? ORDER BY id
            """, [session.rawValue, seq]
        ).map { TurnID($0[0]) }
        for turn in turns {
            try end(turn, status: "superseded", at: now, db)
            try Inbox.end(of: turn, as: .dropped, db)
        }
        return turns
    }

    /// Supersedes an open turn whose events have all ended otherwise, and cancels its reply.
    static func giveUpIfEmpty(_ id: TurnID, _ outbox: Outbox, at now: Timestamp, _ db: Database) throws {
        guard let turn = try record(id, db), turn.isOpen else { return }
        let events = try db.number("SELECT count(*) FROM inbox WHERE turnID = ? AND state = 'pending'", [id.rawValue])
        guard events == 0 else { return }
        try end(id, status: "superseded", at: now, db)
        try outbox.cancel(id, at: now, db)
    }

    /// Books what a request of a turn has cost, also when the turn was superseded or its session erased meanwhile.
    static func book(
        _ cost: RequestCost?, turn: TurnID, session: SessionID?, wasSuperseded: Bool, at now: Timestamp,
        _ db: Database
    ) throws {
        guard let cost else { return }
        // Where the chat was erased, nobody's name may come back.
        let person = session == nil ? nil : cost.person
        try db.run(
            """
            INSERT INTO usage (sessionID, turnID, model, counted, promptTokens, completionTokens, cachedTokens,
                wasSuperseded, at, person)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                session?.rawValue, turn.rawValue, cost.model, cost.counted, cost.usage.promptTokens,
                cost.usage.completionTokens, cost.usage.cachedTokens, wasSuperseded, now.rawValue, person,
            ])
    }
}
