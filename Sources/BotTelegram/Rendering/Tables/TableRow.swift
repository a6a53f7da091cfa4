/// A line of a table.
enum TableRow {
    enum Alignment { case left, center, right }

    /// The cells of a row, without the space around them.
    static func cells(_ line: Range<Int>, in source: [Unicode.Scalar]) -> [Range<Int>] {
        let row = source.trimmed(line)
        var cells: [Range<Int>] = []
        var start = row.lowerBound
        if row.count > 1, source[start] == "|" { start += 1 }
        var isEscaped = false
        for position in start..<row.upperBound {
            if source[position] == "|", !isEscaped {
                cells.append(source.trimmed(start..<position))
                start = position + 1
            }
            isEscaped = source[position] == "\\" && !isEscaped
        }
        if start < row.upperBound { cells.append(source.trimmed(start..<row.upperBound)) }
        return cells
    }

    /// What the row of dashes says; nil when a line is none.
    static func alignments(_ line: Range<Int>, in source: [Unicode.Scalar]) -> [Alignment]? {
        let rule = source[line]
        guard rule.contains("|"), rule.allSatisfy({ "|-: ".unicodeScalars.contains($0) }) else { return nil }
        var alignments: [Alignment] = []
        for cell in cells(line, in: source) {
            let dashes = source[cell].drop { $0 == ":" }.prefix { $0 == "-" }
            let colons = cell.count - dashes.count
            let ends = (source[cell].first == ":", source[cell].last == ":")
            guard !dashes.isEmpty, colons == (ends.0 ? 1 : 0) + (ends.1 ? 1 : 0) else { return nil }
            alignments.append(ends.1 ? (ends.0 ? .center : .right) : .left)
        }
        return alignments.isEmpty ? nil : alignments
    }
}
