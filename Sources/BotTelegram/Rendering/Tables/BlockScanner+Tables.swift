extension BlockScanner {
    /// The line after a table that begins at a line: a row with bars, then the row of dashes.
    func tableEnd(from index: Int) -> Int? {
        guard continues(index + 1, index), source[lines[index].content].contains("|"),
            TableRow.alignments(lines[index + 1].content, in: source) != nil
        else { return nil }
        var end = index + 2
        while continues(end, index), source[lines[end].content].contains("|") { end += 1 }
        return end
    }

    /// Telegram has no tables: see `TableLayout`.
    mutating func scanTable(_ rows: Range<Int>, _ document: inout MarkdownDocument) -> Int {
        endParagraph()
        let alignments = TableRow.alignments(lines[rows.lowerBound + 1].content, in: source) ?? []
        var cells: [[FormattedText]] = []
        for index in rows where index != rows.lowerBound + 1 {
            cells.append(TableRow.cells(lines[index].content, in: source).map { render($0, &document) })
        }
        let range = lines[rows.lowerBound].content.lowerBound..<lines[rows.upperBound - 1].content.upperBound
        let layout = TableLayout(head: cells.removeFirst(), rows: cells, alignments: alignments)
        document.replacements.append(.init(range: range, text: layout.formattedText))
        return rows.upperBound
    }

    private func render(_ cell: Range<Int>, _ document: inout MarkdownDocument) -> FormattedText {
        let known = (spans: document.spans.count, unbreakable: document.unbreakable.count)
        var scanner = InlineScanner(Inline(range: cell, lineBreak: "; "), in: document)
        scanner.scan(&document)
        let text = document.formattedText(of: cell, document.spans[known.spans...])
        // The table is written from its cells, not from where they stood.
        document.spans.removeLast(document.spans.count - known.spans)
        document.unbreakable.removeLast(document.unbreakable.count - known.unbreakable)
        return text
    }
}
