/// What of a text can be found, and what of a question is looked for. Pure: the same text gives the same terms for ever, or the
/// version changes.
///
/// A text becomes words of letters and digits, with case, width and diacritics folded away. Scripts that are written without spaces
/// (Chinese, Japanese, Thai, ...) and Korean become overlapping pairs of characters; each emoji is a word. What is joined by a hyphen, a
/// point, an underscore or a hump (`e-mail`, `2025-03-02`, `maxTokens`) is found by its parts and as a whole.
package enum SearchText {
    /// Raised whenever `indexed` gives another result for any text: an index of another version has to be made anew.
    package static let version = 2

    /// A word's longest form in bytes of UTF-8: what is longer is found by its beginning.
    package static let longestWord = 64
    /// Of a longer text, in bytes of UTF-8, the beginning and the end can be found: three quarters of this from the beginning, the
    /// rest from the end. What goes into the index is at most four times as much.
    package static let longestText = 65_536

    /// A word of a text, as it is searched.
    package struct Word: Sendable, Equatable {
        package let text: String
        /// Where it stands in the text, in bytes of UTF-8. Parts of a whole lie inside of the whole's range.
        package let range: Range<Int>

        package init(text: String, range: Range<Int>) {
            self.text = text
            self.range = range
        }
    }

    /// The text as it goes into the search index: words separated by spaces. Linear in the text's length.
    package static func indexed(_ text: String) -> String {
        var scanner = WordScanner(purpose: .index)
        scan(text, with: &scanner)
        return scanner.joined
    }

    /// The terms that a search looks for, each at most once, in the order of the text. A term of one character of a script without
    /// spaces stands for every word that begins with it (see `isBeginning`).
    package static func terms(of text: String) -> [String] {
        var seen: Set<String> = []
        return words(of: text).map(\.text).filter { seen.insert($0).inserted }
    }

    /// The terms with their places, repeated ones included, in the order of their ends.
    package static func words(of text: String) -> [Word] {
        var scanner = WordScanner(purpose: .words)
        scan(text, with: &scanner)
        return scanner.words
    }

    /// Hands on what `words` gives, as UTF-8 with the places, without making a String of each word.
    ///
    /// - Parameter take: takes a word; false ends it.
    package static func eachWord(of text: String, _ take: (Span<UInt8>, Range<Int>) -> Bool) {
        var scanner = WordScanner(purpose: .words)
        scan(text, with: &scanner)
        scanner.eachWord(take)
    }

    /// Whether a term stands for every word that begins with it: pairs of characters are indexed, so one character alone is found as the
    /// beginning of a pair, or as the last of its run.
    package static func isBeginning(_ term: String) -> Bool {
        let scalars = term.unicodeScalars
        guard let first = scalars.first, scalars.count == 1 else { return false }
        return LetterFolding.isUnspaced(first.value)
    }

    private static func scan(_ text: String, with scanner: inout WordScanner) {
        var text = text
        text.withUTF8 { bytes in
            guard bytes.count > longestText else { return scanner.scan(bytes, from: 0, to: bytes.count) }
            scanner.scan(bytes, from: 0, to: boundary(bytes, longestText / 4 * 3))
            scanner.scan(bytes, from: boundary(bytes, bytes.count - longestText / 4), to: bytes.count)
        }
    }

    /// The nearest place before, where a character begins.
    private static func boundary(_ bytes: UnsafeBufferPointer<UInt8>, _ place: Int) -> Int {
        var place = place
        while place > 0, bytes[place] & 0xC0 == 0x80 { place -= 1 }
        return place
    }
}
