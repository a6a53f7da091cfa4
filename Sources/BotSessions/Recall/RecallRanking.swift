import BotCore

/// Decides which earlier messages matter for a question, from what the search found.
struct RecallRanking {
    /// How many messages are read and weighed.
    static let mostCandidates = 80
    /// Between so many of the best, statements of the same thing are looked for.
    private static let mostCompared = 40

    /// A message with its weight.
    private struct Candidate {
        let message: SessionMessage
        var weight: Double
        let isHit: Bool
        let words: [Int]
        /// Which terms of the question it holds.
        let terms: Set<String>
    }

    private let excerpt: Excerpt

    init(terms: [String]) { excerpt = Excerpt(around: terms) }

    /// The weights of the hits and of the messages beside them: what stands near a hit is often what is meant. Best first.
    static func smoothed(_ hits: [SearchHit], in range: Range<Int64>) -> [SearchHit] {
        var weights: [Int64: Double] = [:]
        for hit in hits where hit.score.isFinite {
            for (distance, share) in [(0, 1.0), (-1, 0.5), (1, 0.5), (-2, 0.25), (2, 0.25)] as [(Int64, Double)]
            where range.contains(hit.seq + distance) {
                weights[hit.seq + distance, default: 0] += share * hit.score
            }
        }
        return weights.map { SearchHit(seq: $0.key, score: $0.value) }
            .sorted { ($0.score, $0.seq) > ($1.score, $1.seq) }
    }

    /// The messages in the order in which they are worth showing, each statement once.
    ///
    /// - Parameters:
    ///   - weights: the smoothed weights of the messages.
    ///   - hits: the numbers of those that hold a term themselves.
    func ranked(_ messages: [SessionMessage], weights: [Int64: Double], hits: Set<Int64>) -> [SessionMessage] {
        guard let oldest = messages.first?.seq, let newest = messages.last?.seq else { return [] }
        var numbers: [String: Int] = [:]
        var candidates = messages.map { message in
            // The beginning of a message says what it is about.
            let words = SearchText.words(of: String(message.text.prefix(400))).map(\.text)
            let age = Double(message.seq - oldest) / Double(max(1, newest - oldest))
            var ids: Set<Int> = []
            for word in words.prefix(32) {
                let next = numbers.count
                ids.insert(numbers[Excerpt.stem(word), default: next])
                if numbers[Excerpt.stem(word)] == nil { numbers[Excerpt.stem(word)] = next }
            }
            return Candidate(
                message: message, weight: (weights[message.seq] ?? 0) * Self.worth(of: message) * (1 + 0.1 * age),
                isHit: hits.contains(message.seq), words: ids.sorted(),
                terms: Set(words.filter(excerpt.matches).map(Excerpt.stem)))
        }
        liftAnswers(&candidates)
        candidates.sort { ($0.weight, $0.message.seq) > ($1.weight, $1.message.seq) }
        liftNewerStatements(&candidates)
        candidates.sort { ($0.weight, $0.message.seq) > ($1.weight, $1.message.seq) }
        return withoutRepetitions(candidates).map(\.message)
    }

    /// Long messages hold many terms by chance, and a question holds terms but no answer.
    private static func worth(of message: SessionMessage) -> Double {
        let words = Double(message.text.utf8.count) / 6
        let length = 2.2 / (1 + 1.2 * (0.75 + 0.25 * min(words / 20, 8)))
        return isQuestion(message) ? 0.75 * length : length
    }

    private static func isQuestion(_ message: SessionMessage) -> Bool {
        let end = message.text.suffix(8)
        return end.contains { $0 == "?" || $0 == "？" || $0 == "؟" } && message.text.utf8.count < 400
    }

    /// What directly answers a question that was found is worth what the question is.
    private func liftAnswers(_ candidates: inout [Candidate]) {
        var places: [Int64: Int] = [:]
        for (index, candidate) in candidates.enumerated() { places[candidate.message.seq] = index }
        for candidate in candidates where candidate.isHit && Self.isQuestion(candidate.message) {
            guard let answer = places[candidate.message.seq + 1] else { continue }
            guard candidates[answer].message.role != candidate.message.role else { continue }
            candidates[answer].weight = max(candidates[answer].weight, candidate.weight)
        }
    }

    /// Of two statements about the same thing the newer one comes first: a correction is often worded longer or otherwise than what
    /// it corrects.
    private func liftNewerStatements(_ candidates: inout [Candidate]) {
        let count = min(candidates.count, Self.mostCompared)
        for older in 0..<count where candidates[older].isHit {
            for newer in 0..<count where candidates[newer].weight < candidates[older].weight {
                let (new, old) = (candidates[newer], candidates[older])
                guard new.isHit, new.message.seq > old.message.seq, new.message.role == old.message.role else {
                    continue
                }
                guard new.terms.isSuperset(of: old.terms), !old.terms.isEmpty else { continue }
                let shared = Self.shared(new.words, old.words)
                guard shared * 2 >= min(new.words.count, old.words.count) else { continue }
                candidates[newer].weight = old.weight
            }
        }
    }

    /// How many numbers two ordered lists share.
    private static func shared(_ left: [Int], _ right: [Int]) -> Int {
        var (i, j, count) = (0, 0, 0)
        while i < left.count, j < right.count {
            if left[i] == right[j] {
                (i, j, count) = (i + 1, j + 1, count + 1)
            } else if left[i] < right[j] {
                i += 1
            } else {
                j += 1
            }
        }
        return count
    }

    /// Of messages that say the same word for word only the newest stays.
    private func withoutRepetitions(_ candidates: [Candidate]) -> [Candidate] {
        struct Said: Hashable {
            let speaker: String?
            let role: Role
            let text: String
        }
        var newest: [Said: Int64] = [:]
        let said = candidates.map { candidate in
            let text = SearchText.terms(of: String(candidate.message.text.prefix(2000))).joined(separator: " ")
            return Said(speaker: candidate.message.speaker, role: candidate.message.role, text: text)
        }
        for (said, candidate) in zip(said, candidates) {
            newest[said] = max(newest[said] ?? 0, candidate.message.seq)
        }
        return zip(said, candidates).filter { $0.text.isEmpty || newest[$0] == $1.message.seq }.map(\.1)
    }
}
