/// The fences of code blocks, line by line, as Markdown has them.
struct CodeFence: Sendable, Hashable {
    /// The backticks or tildes that opened the block.
    let marker: String
    /// What follows them on the line: the language.
    let info: String

    /// Reads a line that opens a block; nil when it does not.
    init?(opening line: some StringProtocol) {
        let indent = line.prefix(while: { $0 == " " }).count
        guard indent <= 3 else { return nil }
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
