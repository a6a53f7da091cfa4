package import BotCore

/// A message that a person's search found.
package struct FoundMessage: Sendable, Equatable {
    package let seq: Int64
    package let at: Timestamp
    package let role: Role
    /// The speaker's name, in shared chats.
    package let speaker: String?
    /// The part of the text that the words stand in, on one line.
    package let excerpt: String
}

extension SessionManager {
    /// The longest part of a message that is shown, in bytes of UTF-8.
    private static var longestExcerpt: Int { 200 }
    /// How many messages are read for a search.
    private static var mostCandidates: Int { 200 }

    /// Searches the messages of a session that were said since the last reset and not taken back: those with most of the words first, and of
    /// equals the newest.
    ///
    /// What stands in double quotes has to stand so in the message. Nothing in the words is syntax beside that.
    ///
    /// - Parameter limit: the most messages.
    package func search(_ words: String, in id: SessionID, limit: Int) async throws(StoreError) -> [FoundMessage] {
        guard limit > 0, let session = try await getSession(id) else { return [] }
        let question = SearchQuestion(words)
        guard !question.terms.isEmpty else { return [] }
        let hits = try await store.search(
            for: question.terms, in: id, range: (session.floorSeq + 1)..<(session.headSeq + 1),
            limit: Self.mostCandidates)
        let scores = Dictionary(hits.map { ($0.seq, $0.score) }) { first, _ in first }
        let messages = try await store.messages(of: id, seqs: hits.map(\.seq))
        let fitting = messages.filter(question.fits).map { (message: $0, held: question.held(by: $0)) }
        let best = fitting.sorted { left, right in
            let (first, second) = (scores[left.message.seq] ?? 0, scores[right.message.seq] ?? 0)
            return (left.held, first, left.message.seq) > (right.held, second, right.message.seq)
        }
        return best.prefix(limit).map { found in
            FoundMessage(
                seq: found.message.seq, at: found.message.createdAt, role: found.message.role,
                speaker: found.message.speaker,
                excerpt: question.excerpt(of: found.message, most: Self.longestExcerpt))
        }
    }
}
