package import BotCore
import GRDB

extension SQLiteStore {
    /// Each term is looked up by itself among the words of the chat: so neither the lookup nor the weights depend on what other chats
    /// hold, and the work is bounded by the number of terms alone. FTS5's own ranking reads the whole index for each term, over
    /// all chats.
    package func search(
        for terms: [String], in session: SessionID, range: Range<Int64>, limit: Int
    ) async throws(StoreError) -> [SearchHit] {
        let search = IndexSearch(
            queries: IndexSearch.queries(for: terms, in: session), session: session, range: range, limit: limit)
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
        for query in queries { score.add(try numbers(of: query, first, last, db)) }
        let hidden = try HiddenRanges(of: session, first, last, db)
        return score.best(limit) { !hidden.contains($0) }
    }

    /// The numbers of the messages that hold a term, the newest first.
    private func numbers(of query: String, _ first: Int64, _ last: Int64, _ db: Database) throws -> [Int64] {
        var numbers: [Int64] = []
        try db.eachNumber(
            """
            SELECT rowid FROM messageIndex
            WHERE messageIndex MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid DESC LIMIT ?
            """,
            [query, MessageRecord.id(session, first), MessageRecord.id(session, last), SearchScore.mostFound]
        ) { id in numbers.append(id & 0xFFFF_FFFF) }
        return numbers
    }

    /// A query in FTS5's syntax for each term. Terms are folded once more, so that a query holds nothing but one word in quotes, whatever
    /// came in.
    static func queries(for terms: [String], in session: SessionID) -> [String] {
        var seen: Set<String> = []
        return terms.prefix(SearchScore.mostTerms).flatMap(SearchText.terms(of:)).filter { seen.insert($0).inserted }
            .prefix(SearchScore.mostTerms).map { term in
                "\"\(SearchIndex.mark(of: session))\(term)\"" + (SearchText.isBeginning(term) ? " *" : "")
            }
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
