import BotCore

/// What recall looks for: the terms of the newest question that say something, and those of the message before when the question leans
/// on it ("and hers?").
struct RecallQuery: Sendable, Equatable {
    /// The most terms that are looked for.
    static let mostTerms = 32
    /// A question that points at what was said before leans on it only if it has at most so many words.
    private static let longestLeaning = 10

    /// The terms of the question itself.
    let terms: [String]
    /// Terms of the message before that the question leans on: they count for less.
    let leaning: [String]

    /// Nil when nothing in the question says what to look for.
    init?(question: String, previous: String?) {
        let asked = Self.informative(question)
        var leaning: [String] = []
        if let previous, asked.leans || asked.terms.isEmpty {
            let known = Set(asked.terms)
            leaning = Self.informative(previous).terms.filter { !known.contains($0) }
        }
        guard !asked.terms.isEmpty || !leaning.isEmpty else { return nil }
        terms = Self.most(asked.terms, Self.mostTerms)
        self.leaning = Self.most(leaning, max(0, Self.mostTerms - terms.count))
    }

    /// The terms of a text that say something, and whether it leans on the message before.
    static func informative(_ text: String) -> (terms: [String], leans: Bool) {
        let terms = SearchText.terms(of: text)
        guard let language = StopWords.fitting(terms) else {
            let telling = terms.filter(saysSomething)
            return (telling, terms.count <= longestLeaning * 2 && pointsWithoutSpaces(text))
        }
        let telling = terms.filter { !language.empty.contains($0) && saysSomething($0) }
        let isShort = terms.count <= longestLeaning
        let points =
            terms.contains(where: language.pointing.contains) || language.openers.contains(where: terms.starts(with:))
        return (telling, isShort && points || terms.count <= longestLeaning * 2 && pointsWithoutSpaces(text))
    }

    /// One letter of the Latin alphabet and the emptiest pairs say nothing.
    private static func saysSomething(_ term: String) -> Bool {
        if term.utf8.count == 1 { return term.utf8.allSatisfy { 0x30...0x39 ~= $0 } }
        return !StopWords.emptyPairs.contains(term) && !emptySingles.contains(term)
    }

    private static let emptySingles: Set<String> = [
        "的", "了", "是", "吗", "呢", "我", "你", "は", "が", "を", "に", "の", "か", "네", "내",
    ]

    private static func pointsWithoutSpaces(_ text: String) -> Bool {
        text.utf8.count <= 120 && !text.utf8.allSatisfy { $0 < 0x80 }
            && StopWords.pointingParts.contains { text.contains($0) }
    }

    /// Of too many terms those at the beginning and at the end, where the question of a long message stands, and of the others those
    /// that probably say most: long ones, and ones with digits.
    private static func most(_ terms: [String], _ limit: Int) -> [String] {
        guard terms.count > limit else { return terms }
        let (head, tail) = (limit / 4, limit / 2)
        let weighed = terms.enumerated().dropFirst(head).dropLast(tail).map { place, term in
            (place: place, weight: (term.utf8.contains { 0x30...0x39 ~= $0 } ? 3 : 0) + min(term.utf8.count, 12) / 3)
        }
        let best = weighed.sorted { ($0.weight, $1.place) > ($1.weight, $0.place) }.prefix(limit - head - tail)
        return terms.prefix(head) + best.map(\.place).sorted().map { terms[$0] } + terms.suffix(tail)
    }
}
