import BotCore

/// The part of a long text that a search is about.
struct Excerpt {
    private let terms: Set<String>
    private let stems: Set<String>
    /// Terms of one character of a script without spaces: they stand in every pair that holds it.
    private let singles: [String]
    private let numbers: WordNumbers

    init(around terms: [String]) {
        self.terms = Set(terms)
        stems = Set(terms.map(Self.stem))
        singles = terms.filter(SearchText.isBeginning)
        numbers = WordNumbers(terms: terms)
    }

    /// Whether a word of a text is one of the terms, in the same or in another form.
    func matches(_ word: String) -> Bool { common(word) != nil }

    /// What all words have in common that are the same term as a word of a text; nil when it is none of the terms.
    func common(_ word: String) -> String? {
        let stem = Self.stem(word)
        if terms.contains(word) || stems.contains(stem) { return stem }
        return singles.first { word.contains($0) }
    }

    /// A short common form of English words, which is a beginning of the word. It only has to agree with itself: what it joins wrongly is
    /// shown, not found.
    static func stem(_ word: String) -> String {
        let bytes = Array(word.utf8)
        return String(decoding: bytes.prefix(stemLength(bytes.span)), as: UTF8.self)
    }

    private static let endings = ["ings", "ing", "edly", "ed", "ies", "es", "s", "ly", "er", "y", "e"].map {
        Array($0.utf8)
    }

    /// The length of a word's stem, in bytes of UTF-8.
    static func stemLength(_ word: Span<UInt8>) -> Int {
        var length = word.count
        guard length > 4, word.indices.allSatisfy({ 0x61...0x7A ~= word[$0] }) else { return length }
        for ending in endings where length - ending.count >= 3 {
            if ends(word, with: ending) {
                length -= ending.count
                break
            }
        }
        if word[length - 1] == word[length - 2] { length -= 1 }
        if length > 3, word[length - 1] == UInt8(ascii: "i") { length -= 1 }
        return length
    }

    private static func ends(_ word: Span<UInt8>, with ending: [UInt8]) -> Bool {
        var place = word.count
        for letter in ending.reversed() {
            place -= 1
            if word[place] != letter { return false }
        }
        return true
    }

    /// The text, or where it is longer than `most` bytes of UTF-8, the part of it with most of the terms, with `…` where something is
    /// left out. It is cut between characters, between words where there are any.
    func of(_ text: String, most: Int) -> String {
        var text = text
        text.makeContiguousUTF8()
        guard text.utf8.count > most else { return text }
        var numbers = numbers
        var hits: [(stem: Int32, start: Int)] = []
        var counts: [Int32: Int] = [:]
        var first = 0
        var best = (start: 0, distinct: 0)
        numbers.eachTerm(in: text) { stem, place in
            hits.append((stem, place.lowerBound))
            counts[stem, default: 0] += 1
            while place.upperBound - hits[first].start > most * 3 / 4, first < hits.count - 1 {
                let left = hits[first].stem
                counts[left] = counts[left].flatMap { $0 > 1 ? $0 - 1 : nil }
                first += 1
            }
            if counts.count > best.distinct { best = (hits[first].start, counts.count) }
            // There is no better part than one with all terms.
            return best.distinct < stems.count
        }
        guard best.distinct > 0 else { return cut(text, from: 0, most: most) }
        return cut(text, from: min(max(0, best.start - most / 4), text.utf8.count - most), most: most)
    }

    private func cut(_ text: String, from start: Int, most: Int) -> String {
        let first = boundary(in: text, near: start)
        let last = boundary(in: text, near: start + most)
        guard first < last else { return "…" }
        let start = text.utf8.index(text.startIndex, offsetBy: first)
        let end = text.utf8.index(text.startIndex, offsetBy: last)
        return (first > 0 ? "… " : "") + text[start..<end] + (last < text.utf8.count ? " …" : "")
    }

    /// The nearest place before, where a word begins, or else a character.
    private func boundary(in text: String, near place: Int) -> Int {
        guard place > 0 else { return 0 }
        guard place < text.utf8.count else { return text.utf8.count }
        let longestStep = 32
        var index = text.utf8.index(text.startIndex, offsetBy: place)
        var scalar: Int?
        var character: Int?
        for step in 0..<longestStep where index > text.startIndex {
            let before = text.utf8.index(before: index)
            if text.utf8[before] == 0x20 || text.utf8[before] == 0x0A { return place - step }
            if scalar == nil, text.utf8[index] & 0xC0 != 0x80 { scalar = place - step }
            if character == nil, String.Index(index, within: text) != nil { character = place - step }
            index = before
        }
        return character ?? scalar ?? 0
    }
}
