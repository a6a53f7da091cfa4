package import BotCore
import GRDB

extension SQLiteStore {
    package func reserve(
        _ call: PlannedCall, within caps: [BudgetCap], warnAt percent: Int?, at now: Timestamp
    ) async throws(StoreError) -> Reservation {
        try await write { db in
            let uses = try caps.compactMap { cap in
                try Spending.name(cap.scope, person: call.person, chat: call.chat).map {
                    (name: $0, use: try Spending.use(of: cap, by: $0, at: now, db))
                }
            }
            if let full = uses.first(where: { $0.use.left < call.amount(of: $0.use.cap.unit) }) {
                let isFirst = try Spending.note("spent", of: full.use.cap, by: full.name, at: now, db)
                return .refused(full.use, isFirst: isFirst)
            }
            var warnings: [BudgetUse] = []
            for (name, use) in uses {
                guard let percent, use.isUsed(upTo: percent) else { continue }
                if try Spending.note("warned", of: use.cap, by: name, at: now, db) { warnings.append(use) }
            }
            return .made(try Spending.reserve(call, at: now, db), warnings: warnings)
        }
    }

    package func settle(_ reservation: ReservationID, as cost: CallCost?) async throws(StoreError) {
        try await write { db in try Spending.settle(reservation, as: cost, db) }
    }

    package func uses(
        of caps: [BudgetCap], person: String?, chat: ConversationKey?, at now: Timestamp
    ) async throws(StoreError) -> [BudgetUse] {
        try await read { db in
            try caps.compactMap { cap in
                try Spending.name(cap.scope, person: person, chat: chat?.wholeChat).map {
                    try Spending.use(of: cap, by: $0, at: now, db)
                }
            }
        }
    }

    package func spent(by person: String, at now: Timestamp) async throws(StoreError) -> SpentByPeriod {
        try await read { db in
            try Self.lines(of: .person, named: person, limit: 1, at: now, db).first?.spent ?? SpentByPeriod()
        }
    }

    package func spending(limit: Int, at now: Timestamp) async throws(StoreError) -> SpendingReport {
        try await read { db in
            let reserved = try db.row("SELECT count(*), coalesce(sum(tokens), 0) FROM reservation")
            return SpendingReport(
                all: try Self.lines(of: .all, limit: 1, at: now, db).first?.spent ?? SpentByPeriod(),
                people: try Self.lines(of: .person, limit: limit, at: now, db),
                chats: try Self.lines(of: .chat, limit: limit, at: now, db),
                models: try Self.lines(of: .model, limit: limit, at: now, db),
                reservedCalls: reserved?[0] ?? 0, reservedTokens: reserved?[1] ?? 0)
        }
    }

    package func forgetSpending(beforeMonthOf moment: Timestamp) async throws(StoreError) {
        let day = moment.startOfMonth.daysSince1970
        try await write { db in
            try db.run("DELETE FROM spending WHERE day < ?", [day])
            try db.run("DELETE FROM budgetNotice WHERE firstDay < ?", [day])
        }
    }

    /// What was spent in this month, the most first.
    private static func lines(
        of scope: Spending.Scope, named name: String? = nil, limit: Int, at now: Timestamp, _ db: Database
    ) throws -> [SpendingReport.Line] {
        let (today, month) = (now.daysSince1970, now.startOfMonth.daysSince1970)
        return try db.rows(
            """
            SELECT name, sum(requests), sum(promptTokens), sum(completionTokens), sum(cachedTokens), sum(money),
                sum(iif(day >= ?1, requests, 0)), sum(iif(day >= ?1, promptTokens, 0)),
                sum(iif(day >= ?1, completionTokens, 0)), sum(iif(day >= ?1, cachedTokens, 0)),
                sum(iif(day >= ?1, money, 0))
            FROM spending WHERE scope = ?2 AND name = coalesce(?3, name) AND day >= ?4
            GROUP BY name ORDER BY sum(promptTokens + completionTokens) DESC, name LIMIT ?5
            """, [today, scope.rawValue, name, month, max(0, limit)]
        ).map { row in
            func spent(_ first: Int) -> Spent {
                Spent(
                    requests: row[first],
                    tokens: TokenUsage(
                        promptTokens: row[first + 1], completionTokens: row[first + 2], cachedTokens: row[first + 3]),
                    money: row[first + 4])
            }
            return SpendingReport.Line(name: row[0], spent: SpentByPeriod(today: spent(6), thisMonth: spent(1)))
        }
    }
}
