import BotCore

/// What a person searches for: words, and phrases in double quotes.
struct SearchQuestion {
    /// The longest text that is taken for a search, in characters.
    private static let longest = 1000

    /// What to look for; empty when there is nothing to be found in the words.
    let terms: [String]
    private let phrases: [[String]]
    private let around: Excerpt

    init(_ words: String) {
        let words = String(words.prefix(Self.longest))
        let all = SearchText.terms(of: words)
        let telling = RecallQuery.informative(words).terms
        // Who searches for "the" is to find it.
        let terms = Array((telling.isEmpty ? all : telling).prefix(SearchScore.mostTerms))
        self.terms = terms
        around = Excerpt(around: terms)
        phrases = Self.quoted(words).map { SearchText.words(of: $0).map(\.text) }.filter { !$0.isEmpty }
    }

    /// What stands between pairs of double quotes. A quote without another means nothing.
    private static func quoted(_ words: String) -> [String] {
        let parts = words.split(omittingEmptySubsequences: false) { "\"“”„«»「」".contains($0) }
        return parts.indices.filter { $0.isMultiple(of: 2) == false && $0 + 1 < parts.count }.map { String(parts[$0]) }
    }

    /// Whether a message holds all phrases.
    func fits(_ message: SessionMessage) -> Bool {
        guard message.role == .user || message.role == .assistant else { return false }
        guard !phrases.isEmpty else { return true }
        let words = SearchText.words(of: message.text).map(\.text)
        return phrases.allSatisfy { phrase in Self.holds(words, phrase) }
    }

    private static func holds(_ words: [String], _ phrase: [String]) -> Bool {
        guard let first = phrase.first, words.count >= phrase.count else { return false }
        if phrase.count == 1 { return words.contains(where: { matches($0, first) }) }
        for start in 0...(words.count - phrase.count) where words[start] == first {
            if zip(words[start...], phrase).allSatisfy({ $0 == $1 }) { return true }
        }
        return false
    }

    private static func matches(_ word: String, _ term: String) -> Bool {
        SearchText.isBeginning(term) ? word.contains(term) : word == term
    }

    /// How many different terms a message holds.
    func held(by message: SessionMessage) -> Int {
        Set(SearchText.words(of: message.text).compactMap { around.common($0.text) }).count
    }

    /// The part of a message that the terms stand in, on one line.
    func excerpt(of message: SessionMessage, most: Int) -> String {
        let part = around.of(message.text, most: most)
        return part.split { $0.isNewline || $0 == "\u{0}" }.joined(separator: " ")
    }
}
