/// The line that opens a block of code.
struct CodeFence {
    let start: Int
    let mark: Unicode.Scalar
    let length: Int
    /// The language, of up to 32 letters; nil when none is given.
    let language: String?

    init?(opening line: Range<Int>, in source: [Unicode.Scalar]) {
        let text = source.trimmed(line)
        guard let first = text.first, source[first] == "`" || source[first] == "~" else { return nil }
        start = first
        mark = source[first]
        length = source.runLength(from: first, to: text.upperBound)
        guard length >= 3 else { return nil }
        let info = source[first + length..<text.upperBound]
        if mark == "`", info.contains("`") { return nil }
        let word = info.drop(while: \.isSpace).prefix { $0.isASCIIWord || "+-#._".unicodeScalars.contains($0) }
        language = word.isEmpty || word.count > 32 ? nil : String(String.UnicodeScalarView(word))
    }

    func isClosed(by line: Range<Int>, in source: [Unicode.Scalar]) -> Bool {
        let text = source.trimmed(line)
        guard text.count >= length else { return false }
        return source[text].allSatisfy { $0 == mark }
    }

    /// Whether a line, of which more may come, may close the block.
    func mayBeClosed(by line: Range<Int>, in source: [Unicode.Scalar]) -> Bool {
        let text = source.trimmed(line)
        return !text.isEmpty && source[text].allSatisfy { $0 == mark }
    }
}
