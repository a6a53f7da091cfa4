package import BotCore

extension InMemoryStore {
    /// Compares words as they are, without stemming.
    package func search(
        for terms: [String], in session: SessionID, range: Range<Int64>, limit: Int
    ) async throws(StoreError) -> [SearchHit] {
        try transaction { state in
            guard let floor = state.sessions[session]?.floorSeq, let head = state.sessions[session]?.headSeq else {
                return []
            }
            let range = range.clamped(to: (floor + 1)..<(head + 1))
            let searched = state.shown(of: session).reversed().filter {
                range.contains($0.seq) && ($0.role == .user || $0.role == .assistant)
            }.map { message in
                (seq: message.seq, words: Set(SearchText.indexed(message.text).split(separator: " ").map(String.init)))
            }
            var score = SearchScore(searching: range)
            for term in Set(terms.flatMap(SearchText.terms(of:))).sorted().prefix(SearchScore.mostTerms) {
                let found = searched.filter { message in
                    SearchText.isBeginning(term)
                        ? message.words.contains { $0.hasPrefix(term) } : message.words.contains(term)
                }
                score.add(found.prefix(SearchScore.mostFound).map(\.seq))
            }
            return score.best(limit)
        }
    }
}
