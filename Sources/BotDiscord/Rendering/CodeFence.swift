/// The fences of code blocks, line by line, as Markdown has them.
struct CodeFence: Sendable, Hashable {
    /// The backticks or tildes that opened the block.
    let marker: String
    /// What follows them on the line: the language.
    let info: String
    /// How far the line is indented: so far its code may be as well.
    let indent: Int

    /// Reads a line that opens a block; nil when it does not. In lists such a line is indented.
    init?(opening line: some StringProtocol) {
        indent = line.prefix(while: { $0 == " " }).count
        let rest = line.dropFirst(indent)
        guard let first = rest.first, first == "`" || first == "~" else { return nil }
        let marker = rest.prefix(while: { $0 == first })
        let info = rest.dropFirst(marker.count)
        guard marker.count >= 3, first == "~" || !info.contains("`") else { return nil }
        self.marker = String(marker)
        self.info = info.trimmed
    }

    /// Whether a line ends this block.
    func isClosed(by line: some StringProtocol) -> Bool {
        let text = line.trimmed
        guard let first = marker.first, text.count >= marker.count else { return false }
        return text.allSatisfy { $0 == first }
    }

    /// The line that opens the block again in the next message. A language that is none is left out, so that the line is short.
    var reopening: String { marker + (info.unicodeScalars.count <= 30 ? info : "") + "\n" }

    /// The language as Discord takes it behind its own fence, which is three backticks; else nothing.
    var language: String {
        let word = info.prefix { !$0.isWhitespace }
        let isLanguage = word.unicodeScalars.allSatisfy {
            $0.isASCII
                && ($0.properties.isAlphabetic || $0.properties.numericType != nil
                    || "_+-.#".unicodeScalars.contains($0))
        }
        return isLanguage && word.count <= 30 ? String(word) : ""
    }

    /// A line of this block as it may stand in Discord's: not indented with the fence, and without a fence of its own.
    func code(_ line: Substring) -> String {
        let spaces = min(indent, line.prefix(while: { $0 == " " }).count)
        return Self.literal(line.dropFirst(spaces))
    }

    /// A line in which no block of Discord's can end.
    static func literal(_ line: Substring) -> String {
        guard line.unicodeScalars.contains("`") else { return String(line) }
        // By scalars, as Discord looks for it: a mark may make the last backtick another character.
        var result = String.UnicodeScalarView()
        var run = 0
        for scalar in line.unicodeScalars {
            run = scalar == "`" ? run + 1 : 0
            if run == 3 {
                result.append("\u{200B}")
                run = 1
            }
            result.append(scalar)
        }
        return String(result)
    }

    /// Follows the text from a state of fences to the state at its end.
    static func state(after text: Substring, from fence: CodeFence?) -> CodeFence? {
        var fence = fence
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if let open = fence {
                if open.isClosed(by: line) { fence = nil }
            } else {
                fence = CodeFence(opening: line)
            }
        }
        return fence
    }
}
