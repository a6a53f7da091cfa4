/// Rewrites one line outside of code blocks. What is no markup, or broken markup, stays as it is.
struct InlineDialect {
    typealias Scalars = String.UnicodeScalarView

    /// How far the end of something is looked for, in scalars: nobody reads a longer label or address.
    static let reach = 1500

    let source: [Unicode.Scalar]
    let definitions: LinkDefinitions
    var position = 0
    var output = Scalars()
    /// Lengths of runs of backticks that are not closed on this line.
    private var unclosed: Set<Int> = []
    /// How deep this is inside of labels and tags.
    let depth: Int

    static let deepest = 4

    init(_ text: some StringProtocol, _ definitions: LinkDefinitions, depth: Int = 0) {
        source = Array(text.unicodeScalars)
        self.definitions = definitions
        self.depth = depth
    }

    /// The line in Discord's Markdown.
    mutating func run() -> String {
        while let scalar = at(position) {
            switch scalar {
            case "\\": takeBackslash()
            case "`": takeBackticks()
            case "$": takeDollar()
            case "!" where at(position + 1) == "[": takeImage()
            case "[": takeLink()
            case "<": takeAngle()
            case "&": takeReference()
            case "|" where at(position + 1) == "|": takeBars()
            case "h" where startsAddress(position): takeAddress()
            default: copy(1)
            }
        }
        // What stood apart may have come together: three backticks would begin a block.
        let line = String(output)
        return depth == 0 ? CodeFence.literal(line[...]) : line
    }

    // MARK: - Reading

    func at(_ index: Int) -> Unicode.Scalar? { source.indices.contains(index) ? source[index] : nil }

    func matches(_ text: String, at start: Int) -> Bool {
        source.dropFirst(start).starts(with: text.unicodeScalars)
    }

    func text(_ range: Range<Int>) -> String { String(Scalars(source[range])) }

    /// Where the text stands next, within reach.
    func find(_ text: String, from start: Int) -> Int? {
        guard let first = text.unicodeScalars.first else { return nil }
        let limit = min(source.count, start + Self.reach)
        var index = start
        while index < limit {
            if source[index] == first, matches(text, at: index) { return index }
            index += 1
        }
        return nil
    }

    func startsAddress(_ index: Int) -> Bool { matches("https://", at: index) || matches("http://", at: index) }

    /// A part of the line, rewritten on its own.
    func rewritten(_ range: Range<Int>) -> String {
        guard depth < Self.deepest else { return text(range) }
        var inner = InlineDialect(text(range), definitions, depth: depth + 1)
        return inner.run()
    }

    // MARK: - Writing

    mutating func copy(_ count: Int) {
        output.append(contentsOf: source[position..<min(position + count, source.count)])
        position += count
    }

    mutating func write(_ text: String, upTo end: Int) {
        output.append(contentsOf: text.unicodeScalars)
        position = end
    }

    /// Writes something as code; nil when it cannot stand as that.
    mutating func writeCode(_ content: Range<Int>, upTo end: Int) {
        let code = text(content)
        // White space alone would not be code.
        if code.allSatisfy(\.isWhitespace) { return write(code, upTo: end) }
        guard code.contains("`") else { return write("`\(code)`", upTo: end) }
        let padded = code.replacing("``", with: "`\u{200B}`")
        write("`` \(padded) ``", upTo: end)
    }

    // MARK: - Signs

    private mutating func takeBackslash() {
        for (opening, closing) in [("\\(", "\\)"), ("\\[", "\\]")] where matches(opening, at: position) {
            if let end = find(closing, from: position + 2), end > position + 2 {
                return writeCode(position + 2..<end, upTo: end + 2)
            }
        }
        // An escape is the same on Discord.
        copy(2)
    }

    private mutating func takeBackticks() {
        let start = position
        var length = 0
        while at(start + length) == "`" { length += 1 }
        if !unclosed.contains(length), let end = closing(length, from: start + length) {
            // Three and more would be a block.
            return length < 3 ? copy(end + length - start) : writeCode(start + length..<end, upTo: end + length)
        }
        unclosed.insert(length)
        guard length >= 3 else { return copy(length) }
        write(String(repeating: "\\`", count: length), upTo: start + length)
    }

    /// Where a run of just so many backticks begins next.
    private func closing(_ length: Int, from start: Int) -> Int? {
        var index = start
        while index < source.count {
            guard source[index] == "`" else {
                index += 1
                continue
            }
            let first = index
            while at(index) == "`" { index += 1 }
            if index - first == length, first > start { return first }
        }
        return nil
    }

    /// A formula in `$$...$$`, or one in `$...$` as Pandoc knows it: no space inside the dollars, no digit behind them.
    private mutating func takeDollar() {
        let start = position
        if at(start + 1) == "$" {
            if let end = find("$$", from: start + 2), end > start + 2 {
                return writeCode(start + 2..<end, upTo: end + 2)
            }
            return copy(2)
        }
        guard let first = at(start + 1), !first.properties.isWhitespace else { return copy(1) }
        var end = start + 1
        let limit = min(source.count, start + 300)
        while end < limit, source[end] != "$", source[end] != "`" { end += 1 }
        let isDigitBehind = at(end + 1)?.properties.numericType != nil
        guard end < limit, source[end] == "$", !source[end - 1].properties.isWhitespace, !isDigitBehind,
            !text(start + 1..<end).contains("**")
        else { return copy(1) }
        writeCode(start + 1..<end, upTo: end + 1)
    }

    /// Two bars hide what is between two of them: only where that was meant, which shows in that no space is inside.
    private mutating func takeBars() {
        if let end = find("||", from: position + 2), end > position + 2,
            !source[position + 2].properties.isWhitespace, !source[end - 1].properties.isWhitespace,
            source[position + 2] != "|"
        {
            return write("||\(rewritten(position + 2..<end))||", upTo: end + 2)
        }
        write("\\|\\|", upTo: position + 2)
    }

    /// An address as it is: nothing in it is markup.
    private mutating func takeAddress() {
        var end = position
        while let scalar = at(end), !scalar.properties.isWhitespace, scalar != "<", scalar != ">", scalar != "`" {
            end += 1
        }
        // Brackets and stars around it are not part of it.
        while end > position, "*_~)].,;:!?|\"'".unicodeScalars.contains(source[end - 1]) {
            if source[end - 1] == ")", source[position..<end].contains("(") { break }
            end -= 1
        }
        copy(max(1, end - position))
    }
}
