import BotCore

/// What recall is asked.
struct RecallRequest: Sendable {
    let session: Session
    /// The newest message of the user.
    let question: String
    /// The user's message before it, which a short follow-up leans on.
    let previous: String?
    /// Messages from this number on are shown anyway.
    let before: Int64
    /// The most tokens of the block.
    let budget: Int
    let counter: any TokenCounter
    /// Whether answers of the offline responder are left out.
    let forLanguageModel: Bool
}

/// The block to show, its tokens by recount, and the numbers of the messages in it, oldest first.
struct Recalled: Sendable, Equatable {
    let text: String
    let tokens: Int
    let seqs: [Int64]
}

/// Finds what was said earlier in a chat and matters for its newest question.
struct Recaller: Sendable {
    /// How many messages the search gives.
    private static let mostHits = 96
    /// What terms of the message before count beside those of the question.
    private static let leaningShare = 0.6

    private let store: any SearchStore

    init(store: any SearchStore) { self.store = store }

    /// The block for a question; nil when nothing is worth showing or the budget is too small.
    func recall(_ request: RecallRequest) async throws(StoreError) -> Recalled? {
        let range = (request.session.floorSeq + 1)..<max(request.before, request.session.floorSeq + 1)
        guard !range.isEmpty, request.budget > 0,
            let query = RecallQuery(question: request.question, previous: request.previous)
        else { return nil }
        let hits = try await hits(of: query, in: request.session.id, range: range)
        let best = RecallRanking.smoothed(hits, in: range).prefix(RecallRanking.mostCandidates)
        guard !best.isEmpty else { return nil }
        let messages = try await store.messages(of: request.session.id, seqs: best.map(\.seq)).filter { message in
            guard range.contains(message.seq), !message.text.isEmpty else { return false }
            guard message.role == .user || message.role == .assistant else { return false }
            return !(request.forLanguageModel && message.model == "offline")
        }
        let terms = query.terms + query.leaning
        let ranked = RecallRanking(terms: terms).ranked(
            messages, weights: Dictionary(best.map { ($0.seq, $0.score) }) { first, _ in first },
            hits: Set(hits.map(\.seq)))
        return RecallBlock(terms: terms, counter: request.counter, budget: request.budget).block(of: ranked)
    }

    private func hits(
        of query: RecallQuery, in session: SessionID, range: Range<Int64>
    ) async throws(StoreError) -> [SearchHit] {
        var scores: [Int64: Double] = [:]
        for (terms, share) in [(query.terms, 1), (query.leaning, Self.leaningShare)] where !terms.isEmpty {
            for hit in try await store.search(for: terms, in: session, range: range, limit: Self.mostHits) {
                scores[hit.seq, default: 0] += share * hit.score
            }
        }
        return scores.map { SearchHit(seq: $0.key, score: $0.value) }.sorted { $0.seq < $1.seq }
    }
}
