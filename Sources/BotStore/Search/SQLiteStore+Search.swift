package import BotCore
import GRDB

extension SQLiteStore {
    /// Each term is looked up by itself in the range of row ids that the chat has: so neither the lookup nor the weights depend on what
    /// other chats hold, and the work is bounded by the number of terms alone. FTS5's own ranking reads the whole index for each
    /// term, over all chats.
    package func search(
        for terms: [String], in session: SessionID, range: Range<Int64>, limit: Int
    ) async throws(StoreError) -> [SearchHit] {
        let search = IndexSearch(
            queries: IndexSearch.queries(for: terms), session: session, range: range, limit: limit)
        if search.isEmpty { return [] }
        if let hits = try await read({ db in try search.hits(db) }) { return hits }
        try await write { db in try SearchIndex.catchUp(session, db) }
        // What is added from now on is newer than the search.
        return try await read { db in try search.hits(db, onlyIndexed: true) } ?? []
    }
}

/// A search of one session's part of the index.
private struct IndexSearch: Sendable {
    let queries: [String]
    let session: SessionID
    let range: Range<Int64>
    let limit: Int

    var isEmpty: Bool { queries.isEmpty || range.isEmpty || limit <= 0 }

    /// What is found; nil where messages of the range wait for being indexed.
    ///
    /// - Parameter onlyIndexed: leaves out what waits.
    func hits(_ db: Database, onlyIndexed: Bool = false) throws -> [SearchHit]? {
        guard
            let bounds = try db.row(
                "SELECT floorSeq, headSeq, indexedSeq FROM session WHERE id = ?", [session.rawValue])
        else { return [] }
        let first = max(range.lowerBound, (bounds[0] as Int64) + 1)
        var last = min(range.upperBound - 1, bounds[1] as Int64)
        if onlyIndexed { last = min(last, bounds[2]) }
        guard first <= last else { return [] }
        if last > bounds[2] as Int64 { return nil }
        var score = SearchScore(searching: first..<(last + 1))
        for query in queries {
            let found = try Int64.fetchAll(
                db.cachedStatement(
                    sql: """
                        SELECT rowid & 4294967295 FROM messageIndex
                        WHERE messageIndex MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid DESC LIMIT ?
                        """),
                arguments: [
                    query, MessageRecord.id(session, first), MessageRecord.id(session, last),
                    SearchScore.mostFound,
                ])
            score.add(found)
        }
        let hidden = try HiddenRanges(of: session, first, last, db)
        return score.best(limit) { !hidden.contains($0) }
    }

    /// A query in FTS5's syntax for each term. Terms are folded once more, so that a query holds nothing but one word in quotes, whatever
    /// came in.
    static func queries(for terms: [String]) -> [String] {
        var seen: Set<String> = []
        return terms.prefix(SearchScore.mostTerms).flatMap(SearchText.terms(of:)).filter { seen.insert($0).inserted }
            .prefix(SearchScore.mostTerms).map { SearchText.isBeginning($0) ? "\"\($0)\" *" : "\"\($0)\"" }
    }
}

/// What of a range was taken back: the search index still holds it.
private struct HiddenRanges {
    /// In order; they never overlap.
    private let ranges: [ClosedRange<Int64>]

    init(of session: SessionID, _ first: Int64, _ last: Int64, _ db: Database) throws {
        ranges = try db.rows(
            "SELECT fromSeq, toSeq FROM hidden WHERE sessionID = ? AND fromSeq <= ? AND toSeq >= ? ORDER BY fromSeq",
            [session.rawValue, last, first]
        ).map { ($0[0] as Int64)...($0[1] as Int64) }
    }

    func contains(_ seq: Int64) -> Bool {
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < seq { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].contains(seq)
    }
}
