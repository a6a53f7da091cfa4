import BotCore

/// Decides which earlier messages matter for a question, from what the search found.
struct RecallRanking {
    /// How many messages are read and weighed.
    static let mostCandidates = 80
    /// Between so many of the best, statements of the same thing are looked for.
    private static let mostCompared = 40

    /// Of each message so many characters are looked at: its beginning says what it is about.
    private static let longestBeginning = 400
    /// In so many words of it a message states what it states.
    private static let longestStatement = 32
    /// Texts are taken for the same if they agree in so many characters.
    private static let longestCompared = 2000

    /// A message with its weight.
    private struct Candidate {
        let message: SessionMessage
        var weight: Double
        let isHit: Bool
        let isQuestion: Bool
        /// The words of its beginning.
        let words: [Int32]
        /// The stems of the first of them, in order, each once.
        let statement: [Int32]
        /// The stems of the terms in it, in order, each once.
        let terms: [Int32]
    }

    private let terms: [String]

    init(terms: [String]) { self.terms = terms }

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
        var numbers = WordNumbers(terms: terms)
        var candidates = messages.map { message in
            let words = numbers.words(of: Self.beginning(of: message.text, Self.longestBeginning))
            let age = Double(message.seq - oldest) / Double(max(1, newest - oldest))
            let isQuestion = Self.isQuestion(message.text)
            let worth = Self.worth(of: message.text) * (isQuestion ? 0.75 : 1)
            return Candidate(
                message: message, weight: (weights[message.seq] ?? 0) * worth * (1 + 0.1 * age),
                isHit: hits.contains(message.seq), isQuestion: isQuestion, words: words.map(\.number),
                statement: Self.set(words.prefix(Self.longestStatement)), terms: Self.set(words.filter(\.isTerm)))
        }
        liftAnswers(&candidates)
        candidates.sort { ($0.weight, $0.message.seq) > ($1.weight, $1.message.seq) }
        liftNewerStatements(&candidates)
        candidates.sort { ($0.weight, $0.message.seq) > ($1.weight, $1.message.seq) }
        return withoutRepetitions(candidates).map(\.message)
    }

    private static func beginning(of text: String, _ most: Int) -> String {
        text.utf8.count <= most ? text : String(text.unicodeScalars.prefix(most))
    }

    /// The stems of words, in order, each once.
    private static func set(_ words: some Sequence<WordNumbers.Word>) -> [Int32] {
        let stems = words.map(\.stem).sorted()
        return stems.indices.filter { $0 == 0 || stems[$0] != stems[$0 - 1] }.map { stems[$0] }
    }

    /// Long messages hold many terms by chance.
    private static func worth(of text: String) -> Double {
        let words = Double(text.utf8.count) / 6
        return 2.2 / (1 + 1.2 * (0.75 + 0.25 * min(words / 20, 8)))
    }

    /// A question holds terms but no answer.
    private static func isQuestion(_ text: String) -> Bool {
        text.utf8.count < 400
            && text.unicodeScalars.reversed().prefix(8).contains { $0 == "?" || $0 == "？" || $0 == "؟" }
    }

    /// What directly answers a question that was found is worth what the question is.
    private func liftAnswers(_ candidates: inout [Candidate]) {
        var places: [Int64: Int] = [:]
        for (index, candidate) in candidates.enumerated() { places[candidate.message.seq] = index }
        for candidate in candidates where candidate.isHit && candidate.isQuestion {
            guard let answer = places[candidate.message.seq + 1] else { continue }
            guard candidates[answer].message.role != candidate.message.role else { continue }
            candidates[answer].weight = max(candidates[answer].weight, candidate.weight)
        }
    }

    /// Of two statements about the same thing the newer one comes first: a correction is often worded longer or otherwise than what
    /// it corrects.
    private func liftNewerStatements(_ candidates: inout [Candidate]) {
        let count = min(candidates.count, Self.mostCompared)
        for older in 0..<count where candidates[older].isHit && !candidates[older].terms.isEmpty {
            for newer in 0..<count where candidates[newer].isHit && candidates[newer].weight < candidates[older].weight
            {
                if Self.restates(candidates[newer], candidates[older]) {
                    candidates[newer].weight = candidates[older].weight
                }
            }
        }
    }

    private static func restates(_ new: borrowing Candidate, _ old: borrowing Candidate) -> Bool {
        guard new.message.seq > old.message.seq, new.message.role == old.message.role else { return false }
        guard shared(new.terms, old.terms) == old.terms.count else { return false }
        return shared(new.statement, old.statement) * 2 >= min(new.statement.count, old.statement.count)
    }

    /// How many numbers two ordered lists share.
    private static func shared(_ left: [Int32], _ right: [Int32]) -> Int {
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
            let words: [Int32]
            /// The words of the whole text, where its beginning is that of another.
            var whole: [String] = []

            func hash(into hasher: inout Hasher) {
                words.withUnsafeBytes { hasher.combine(bytes: $0) }
            }
        }
        var said = candidates.map { candidate in
            Said(speaker: candidate.message.speaker, role: candidate.message.role, words: candidate.words)
        }
        var places: [Said: [Int]] = [:]
        places.reserveCapacity(said.count)
        for (place, said) in said.enumerated() { places[said, default: []].append(place) }
        guard places.count < said.count else { return candidates }
        var newest: [Said: Int64] = [:]
        for place in places.values.filter({ $0.count > 1 }).joined() {
            let message = candidates[place].message
            if message.text.utf8.count > Self.longestBeginning {
                said[place].whole = SearchText.terms(of: Self.beginning(of: message.text, Self.longestCompared))
            }
            newest[said[place]] = max(newest[said[place]] ?? 0, message.seq)
        }
        return zip(said, candidates).filter { said, candidate in
            said.words.isEmpty || newest[said].map { $0 == candidate.message.seq } ?? true
        }.map(\.1)
    }
}
