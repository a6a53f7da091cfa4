/// What of a text can be found, and what of a question is looked for. Pure: the same text gives the same terms for ever, or the
/// version changes.
package enum SearchText {
    /// Raised whenever `indexed` gives another result for any text: an index of another version has to be made anew.
    package static let version = 1

    /// The text as it goes into the search index: words separated by spaces.
    package static func indexed(_ text: String) -> String { words(of: text).joined(separator: " ") }

    /// The terms that a search looks for, each at most once, in the order of the text.
    package static func terms(of text: String) -> [String] {
        var seen: Set<String> = []
        return words(of: text).filter { seen.insert($0).inserted }
    }

    private static func words(of text: String) -> [String] {
        text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }
}
