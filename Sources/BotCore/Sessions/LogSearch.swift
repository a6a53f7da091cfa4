/// A message that a search found.
package struct SearchHit: Sendable, Equatable {
    /// Its number in the session.
    package let seq: Int64
    /// How well it fits: larger is better, always above 0.
    package let score: Double

    package init(seq: Int64, score: Double) {
        self.seq = seq
        self.score = score
    }
}

/// Searches the log of one session. No search ever sees another session's messages, nor what was cleared or taken back.
package protocol SearchStore: Sendable {
    /// The messages that hold at least one of the terms, best first.
    ///
    /// - Parameters:
    ///   - terms: as `SearchText.terms` makes them. They are data: nothing in them is syntax.
    ///   - range: the numbers to search; what lies outside of the session's floor and head is left out.
    ///   - limit: the most hits.
    func search(
        for terms: [String], in session: SessionID, range: Range<Int64>, limit: Int
    ) async throws(StoreError) -> [SearchHit]

    /// The messages with these numbers that are neither cleared nor taken back, oldest first.
    func messages(of session: SessionID, seqs: [Int64]) async throws(StoreError) -> [SessionMessage]
}
