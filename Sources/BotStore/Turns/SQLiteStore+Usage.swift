package import BotCore
import GRDB

extension SQLiteStore {
    package func bookSummary(
        _ usage: TokenUsage, model: String, of session: SessionID, at now: Timestamp
    ) async throws(StoreError) {
        try await write { db in
            // The session may have been erased meanwhile.
            try db.run(
                """
                INSERT INTO usage (sessionID, model, promptTokens, completionTokens, cachedTokens, wasSuperseded, at)
                VALUES ((SELECT id FROM session WHERE id = ?), ?, ?, ?, ?, 0, ?)
                """,
                [
                    session.rawValue, model, usage.promptTokens, usage.completionTokens, usage.cachedTokens,
                    now.rawValue,
                ])
        }
    }

    package func usage(
        of session: SessionID, askedBy person: String?, at now: Timestamp
    ) async throws(StoreError) -> [UsageShare] {
        try await read { db in
            try db.rows(
                """
                SELECT model, turnID IS NULL, CASE WHEN at >= ? THEN 0 WHEN at >= ? THEN 1 ELSE 2 END,
                    CASE person WHEN ? THEN 0 ELSE (person IS NULL) + 1 END,
                    count(*), sum(promptTokens), sum(completionTokens), sum(cachedTokens)
                FROM usage WHERE sessionID = ? GROUP BY 1, 2, 3, 4
                """, [now.startOfDay.rawValue, now.startOfMonth.rawValue, person, session.rawValue]
            ).map(Self.share)
        }
    }

    private static func share(_ row: StoredRow) throws -> UsageShare {
        guard let purpose = UsageShare.Purpose(rawValue: row[1]), let period = UsageShare.Period(rawValue: row[2]),
            let asker = UsageShare.Asker(rawValue: row[3])
        else { throw StoreError.failed("a share of the usage is of no known kind") }
        return UsageShare(
            model: row[0], purpose: purpose, period: period, asker: asker, requests: row[4],
            tokens: TokenUsage(promptTokens: row[5], completionTokens: row[6], cachedTokens: row[7]))
    }
}
