/// A line of a Markdown source, in positions of its scalars and without the line end.
struct SourceLine {
    /// Where the line begins, with the marks of a quote.
    let start: Int
    /// What comes after the marks.
    let content: Range<Int>
    let isQuoted: Bool

    /// The lines of a source; one more than it has line ends.
    static func lines(of source: [Unicode.Scalar]) -> [SourceLine] {
        var lines: [SourceLine] = []
        var start = 0
        for (index, scalar) in source.enumerated() where scalar == "\n" {
            lines.append(SourceLine(start..<index, in: source))
            start = index + 1
        }
        lines.append(SourceLine(start..<source.count, in: source))
        return lines
    }

    private init(_ range: Range<Int>, in source: [Unicode.Scalar]) {
        start = range.lowerBound
        var content = range
        var isQuoted = false
        while let mark = source[content].firstIndex(where: { $0 != " " }), source[mark] == ">",
            mark - content.lowerBound < 4
        {
            isQuoted = true
            let hasSpace = mark + 1 < range.upperBound && source[mark + 1] == " "
            content = mark + (hasSpace ? 2 : 1)..<range.upperBound
        }
        self.content = content
        self.isQuoted = isQuoted
    }
}
