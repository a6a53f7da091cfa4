import BotCore
import GRDB

/// Steps of transactions that concern what is spent.
enum Spending {
    /// Whose a row is.
    enum Scope: Int64 {
        case person, chat, all, model

        init(_ scope: BudgetCap.Scope) {
            self =
                switch scope {
                case .person: .person
                case .chat: .chat
                case .all: .all
                }
        }
    }

    /// No request costs more, whatever a server reports: sums of these never overflow.
    static let most = 1_000_000_000

    /// A reservation, as it is stored.
    struct Record {
        static let columns = "id, person, chat, model, tokens, money, day"

        let id: Int64
        let person: String?
        let chat: String?
        let model: String
        let tokens: Int
        let money: Int
        let day: Int64

        init(_ row: StoredRow) {
            id = row[0]
            person = row[1]
            chat = row[2]
            model = row[3]
            tokens = row[4]
            money = row[5]
            day = row[6]
        }
    }

    /// Who a cap counts; nil where it concerns nobody here.
    static func name(_ scope: BudgetCap.Scope, person: String?, chat: ConversationKey?) -> String? {
        switch scope {
        case .person: person
        case .chat: chat?.description
        case .all: ""
        }
    }

    static func use(of cap: BudgetCap, by name: String, at now: Timestamp, _ db: Database) throws -> BudgetUse {
        let day = cap.period.firstDay(at: now)
        let spent =
            cap.unit == .tokens
            ? "SELECT sum(promptTokens + completionTokens) FROM spending WHERE scope = ? AND name = ? AND day >= ?"
            : "SELECT sum(money) FROM spending WHERE scope = ? AND name = ? AND day >= ?"
        let used = try db.number(spent, [Scope(cap.scope).rawValue, name, day])
        let column = cap.unit == .tokens ? "tokens" : "money"
        let reserved =
            switch cap.scope {
            case .person:
                try db.number("SELECT sum(\(column)) FROM reservation WHERE day >= ? AND person = ?", [day, name])
            case .chat:
                try db.number("SELECT sum(\(column)) FROM reservation WHERE day >= ? AND chat = ?", [day, name])
            case .all: try db.number("SELECT sum(\(column)) FROM reservation WHERE day >= ?", [day])
            }
        return BudgetUse(cap: cap, used: Int(used), reserved: Int(reserved))
    }

    /// Notes that something was said of a cap; false when it was before.
    static func note(_ level: String, of cap: BudgetCap, by name: String, at now: Timestamp, _ db: Database) throws
        -> Bool
    {
        try db.run(
            """
            INSERT OR IGNORE INTO budgetNotice (scope, name, period, unit, firstDay, level) VALUES (?, ?, ?, ?, ?, ?)
            """,
            [
                Scope(cap.scope).rawValue, name, cap.period.rawValue, cap.unit.rawValue,
                cap.period.firstDay(at: now), level,
            ])
        return db.changesCount > 0
    }

    static func reserve(_ call: PlannedCall, at now: Timestamp, _ db: Database) throws -> ReservationID {
        ReservationID(
            try db.number(
                """
                INSERT INTO reservation (person, chat, model, tokens, money, day, madeAt)
                VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id
                """,
                [
                    call.person, call.chat?.description, call.model, bounded(call.tokens), bounded(call.money),
                    now.daysSince1970, now.rawValue,
                ]))
    }

    /// Ends a reservation; nothing happens where it has ended.
    static func settle(_ id: ReservationID, as cost: CallCost?, _ db: Database) throws {
        let row = try db.row("DELETE FROM reservation WHERE id = ? RETURNING \(Record.columns)", [id.rawValue])
        guard let record = row.map(Record.init), let cost else { return }
        try book(cost, of: record, db)
    }

    /// Books what a dead process has reserved in full: nobody knows what became of these calls.
    static func settleAfterRestart(_ db: Database) throws {
        for record in try db.rows("SELECT \(Record.columns) FROM reservation ORDER BY id").map(Record.init) {
            let tokens = TokenUsage(promptTokens: record.tokens, completionTokens: 0)
            try book(CallCost(model: record.model, tokens: tokens, money: record.money), of: record, db)
        }
        try db.run("DELETE FROM reservation")
    }

    private static func book(_ cost: CallCost, of record: Record, _ db: Database) throws {
        let names: [(Scope, String?)] = [
            (.person, record.person), (.chat, record.chat), (.all, ""), (.model, cost.model),
        ]
        for case (let scope, let name?) in names {
            try db.run(
                """
                INSERT INTO spending (scope, name, day, requests, promptTokens, completionTokens, cachedTokens, money)
                VALUES (?, ?, ?, 1, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET requests = requests + 1, promptTokens = promptTokens + excluded.promptTokens,
                    completionTokens = completionTokens + excluded.completionTokens,
                    cachedTokens = cachedTokens + excluded.cachedTokens, money = money + excluded.money
                """,
                [
                    scope.rawValue, name, record.day, bounded(cost.tokens.promptTokens),
                    bounded(cost.tokens.completionTokens), bounded(cost.tokens.cachedTokens), bounded(cost.money),
                ])
        }
    }

    /// Gives what a chat has spent to its new name.
    static func move(_ old: ConversationKey, to new: ConversationKey, _ db: Database) throws {
        let names: SQLArguments = [old.wholeChat.description, new.wholeChat.description]
        try db.run(
            """
            INSERT INTO spending (scope, name, day, requests, promptTokens, completionTokens, cachedTokens, money)
            SELECT scope, ?2, day, requests, promptTokens, completionTokens, cachedTokens, money FROM spending
            WHERE scope = 1 AND name = ?1
            ON CONFLICT DO UPDATE SET requests = requests + excluded.requests,
                promptTokens = promptTokens + excluded.promptTokens,
                completionTokens = completionTokens + excluded.completionTokens,
                cachedTokens = cachedTokens + excluded.cachedTokens, money = money + excluded.money
            """, names)
        try db.run("DELETE FROM spending WHERE scope = 1 AND name = ?", [old.wholeChat.description])
        try db.run("UPDATE reservation SET chat = ?2 WHERE chat = ?1", names)
        try db.run("UPDATE OR REPLACE budgetNotice SET name = ?2 WHERE scope = 1 AND name = ?1", names)
    }

    private static func bounded(_ number: Int) -> Int { min(max(0, number), most) }
}
