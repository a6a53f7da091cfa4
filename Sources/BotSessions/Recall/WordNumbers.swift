import BotCore

/// Numbers for the words of many texts: each word is looked at once, and comparing texts is comparing numbers.
///
/// It is a hash table of its own, since a dictionary would need a String for each word of each text.
struct WordNumbers {
    /// What is known of a word.
    struct Word {
        /// Its own: forms of one word have different numbers.
        let number: Int32
        /// The same for all forms of a word.
        let stem: Int32
        /// Whether it is one of the terms, in the same or in another form.
        let isTerm: Bool
    }

    private struct Entry {
        let hash: Int
        let letters: Range<Int>
        /// The number of its stem; nil while it was only seen as the stem of another.
        var stem: Int32?
        var isTerm = false
        var isStemOfTerm = false
    }

    private var letters: [UInt8] = []
    private var entries: [Entry] = []
    /// The entries by their hashes: numbers from 1, and 0 where there is none. Never more than half full.
    private var places = [Int32](repeating: 0, count: 4096)
    /// Terms that stand in every word that holds them.
    private let singles: [String]

    init(terms: [String]) {
        singles = terms.filter(SearchText.isBeginning)
        for term in terms {
            let bytes = Array(term.utf8)
            entries[number(of: bytes.span)].isTerm = true
            entries[number(of: bytes.span.extracting(first: Excerpt.stemLength(bytes.span)))].isStemOfTerm = true
        }
    }

    /// The words of a text, in its order.
    mutating func words(of text: String) -> [Word] {
        var words: [Word] = []
        words.reserveCapacity(text.utf8.count / 6 + 1)
        SearchText.eachWord(of: text) { word, _ in
            words.append(self.word(word))
            return true
        }
        return words
    }

    /// Hands on the stems of the terms in a text, in its order, with their places in bytes of UTF-8.
    ///
    /// - Parameter take: takes a term; false ends it.
    mutating func eachTerm(in text: String, _ take: (Int32, Range<Int>) -> Bool) {
        SearchText.eachWord(of: text) { word, place in
            let word = self.word(word)
            return !word.isTerm || take(word.stem, place)
        }
    }

    private mutating func word(_ word: Span<UInt8>) -> Word {
        let number = number(of: word)
        if let stem = entries[number].stem {
            return Word(number: Int32(number), stem: stem, isTerm: entries[number].isTerm)
        }
        let stem = self.number(of: word.extracting(first: Excerpt.stemLength(word)))
        entries[number].stem = Int32(stem)
        if entries[stem].isStemOfTerm || (!singles.isEmpty && holdsSingle(number)) { entries[number].isTerm = true }
        return Word(number: Int32(number), stem: Int32(stem), isTerm: entries[number].isTerm)
    }

    private func holdsSingle(_ number: Int) -> Bool {
        let word = String(decoding: letters[entries[number].letters], as: UTF8.self)
        return singles.contains { word.contains($0) }
    }

    private mutating func number(of word: Span<UInt8>) -> Int {
        // Seeded anew by each process: nobody can choose words that share a place.
        var hasher = Hasher()
        word.withUnsafeBytes { hasher.combine(bytes: $0) }
        let hash = hasher.finalize()
        var place = hash & (places.count - 1)
        while places[place] > 0 {
            let number = Int(places[place]) - 1
            if entries[number].hash == hash, isEqual(entries[number].letters, word) { return number }
            place = (place + 1) & (places.count - 1)
        }
        let start = letters.count
        for index in word.indices { letters.append(word[index]) }
        entries.append(Entry(hash: hash, letters: start..<letters.count))
        places[place] = Int32(entries.count)
        if entries.count * 2 > places.count { grow() }
        return entries.count - 1
    }

    private func isEqual(_ known: Range<Int>, _ word: Span<UInt8>) -> Bool {
        guard known.count == word.count else { return false }
        for index in word.indices where letters[known.lowerBound + index] != word[index] { return false }
        return true
    }

    private mutating func grow() {
        places = [Int32](repeating: 0, count: places.count * 2)
        for (number, entry) in entries.enumerated() {
            var place = entry.hash & (places.count - 1)
            while places[place] > 0 { place = (place + 1) & (places.count - 1) }
            places[place] = Int32(number) + 1
        }
    }
}
