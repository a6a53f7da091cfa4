package import BotCore
import GRDB

extension SQLiteStore {
    package func search(
        for terms: [String], in session: SessionID, range: Range<Int64>, limit: Int
    ) async throws(StoreError) -> [SearchHit] {
        guard !terms.isEmpty, !range.isEmpty else { return [] }
        // In quotes a term is a string to FTS5, whatever it holds.
        let query = terms.map { "\"\($0.storable.replacing("\"", with: "\"\""))\"" }.joined(separator: " OR ")
        return try await read { db in
            guard let bounds = try db.row("SELECT floorSeq, headSeq FROM session WHERE id = ?", [session.rawValue])
            else { return [] }
            let first = max(range.lowerBound, (bounds[0] as Int64) + 1)
            let last = min(range.upperBound - 1, bounds[1] as Int64)
            guard first <= last else { return [] }
            return try db.rows(
                """
                SELECT rowid & 4294967295, -rank FROM messageIndex
                WHERE messageIndex MATCH ? AND rowid BETWEEN ? AND ?
                    AND coalesce((
                        SELECT toSeq FROM hidden WHERE hidden.sessionID = ?
                            AND hidden.fromSeq <= messageIndex.rowid & 4294967295
                        ORDER BY hidden.fromSeq DESC LIMIT 1), 0) < messageIndex.rowid & 4294967295
                ORDER BY rank LIMIT ?
                """,
                [
                    query, MessageRecord.id(session, first), MessageRecord.id(session, last), session.rawValue,
                    max(0, limit),
                ]
            ).map { SearchHit(seq: $0[0], score: max($0[1], .leastNonzeroMagnitude)) }
        }
    }
}
