extension BlockScanner {
    /// What opens a formula of several lines, and what closes it.
    private static let formulas: [(opening: StaticString, closing: StaticString)] = [
        ("$$", "$$"), ("\\[", "\\]"), ("\\begin{", "\\end{"),
    ]

    /// Leaves a formula as it is: nothing in it is markup.
    mutating func scanFormula(_ rows: Range<Int>, _ document: inout MarkdownDocument) -> Int {
        endParagraph()
        if lines[rows.lowerBound].isQuoted {
            for index in rows { document.hide(lines[index].start..<lines[index].content.lowerBound) }
        }
        return rows.upperBound
    }

    /// The line after a formula of several lines that begins at a line. A blank line ends the search, as it ends a formula
    /// of TeX; what a search has not found is not looked for again.
    mutating func formulaEnd(from index: Int) -> Int? {
        let line = source.trimmed(lines[index].content)
        for (kind, formula) in Self.formulas.enumerated() {
            guard source.matches(formula.opening, at: line.lowerBound, before: line.upperBound) else { continue }
            let rest = line.lowerBound + formula.opening.utf8CodeUnitCount..<line.upperBound
            // On one line it is part of a paragraph.
            if holds(formula.closing, rest) { return nil }
            guard index >= formulaLimits[kind] else { return nil }
            var end = index + 1
            // Outside of quotes an angle bracket is part of the formula.
            while end < lines.count, lines[end].isQuoted || !lines[index].isQuoted,
                !source.isBlank(lines[end].content)
            {
                if holds(formula.closing, lines[end].content) { return end + 1 }
                end += 1
            }
            // In a text that goes on it will be closed; the last line may be empty only yet.
            if isUnfinished, end >= lines.count - 1 { return end }
            formulaLimits[kind] = end
        }
        return nil
    }

    private func holds(_ text: StaticString, _ range: Range<Int>) -> Bool {
        range.contains { source.matches(text, at: $0, before: range.upperBound) }
    }
}
