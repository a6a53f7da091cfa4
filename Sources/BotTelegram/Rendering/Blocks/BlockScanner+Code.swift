extension BlockScanner {
    /// Notes a block of code between fences; one that never ends goes to the end of the text, or of the quote.
    mutating func scanCode(_ fence: CodeFence, from opening: Int, _ document: inout MarkdownDocument) -> Int {
        endParagraph()
        let isQuoted = lines[opening].isQuoted
        let start = wholeLine(opening).upperBound
        let line = lines[opening].content.lowerBound
        // Before it is its indentation, or the marker of an item.
        document.hide((source.isBlank(line..<fence.start) ? line : fence.start)..<start)
        let indent = fence.start - line
        var index = opening + 1
        var isClosed = false
        while index < lines.count, !isQuoted || lines[index].isQuoted {
            let line = lines[index]
            // Outside of quotes an angle bracket is code.
            let code = (isQuoted ? line.content.lowerBound : line.start)..<line.content.upperBound
            isClosed = fence.isClosed(by: code, in: source)
            if isClosed { break }
            document.hide(line.start..<code.lowerBound)
            document.hide(code.prefix(min(source[code].prefix { $0 == " " }.count, indent)))
            if isUnfinished, index == lines.count - 1, fence.mayBeClosed(by: code, in: source) {
                document.hide(code)
            }
            index += 1
        }
        let end = max(start, lines[index - 1].content.upperBound)
        if !source.isBlank(start..<end) {
            document.spans.append(.init(kind: .pre, range: start..<end, language: fence.language))
        }
        guard isClosed else { return index }
        document.hide(wholeLine(index))
        return index + 1
    }

    /// The line after a block of indented code that begins at a line.
    ///
    /// A line that looks like an item of a list is taken as one: models indent those much more often than code.
    func indentedCodeEnd(from index: Int) -> Int? {
        guard paragraph == nil, isIndented(index), ListMarker(lines[index].content, in: source) == nil else {
            return nil
        }
        var end = index + 1
        var next = end
        while continues(next, index) {
            if isIndented(next) {
                end = next + 1
            } else if !source.isBlank(lines[next].content) {
                break
            }
            next += 1
        }
        return end
    }

    mutating func scanIndentedCode(_ rows: Range<Int>, _ document: inout MarkdownDocument) -> Int {
        for index in rows {
            let line = lines[index]
            document.hide(line.start..<line.content.lowerBound)
            document.hide(line.content.prefix(min(source[line.content].prefix { $0 == " " }.count, codeIndent)))
        }
        let range = lines[rows.lowerBound].content.lowerBound..<lines[rows.upperBound - 1].content.upperBound
        document.spans.append(.init(kind: .pre, range: range))
        return rows.upperBound
    }

    private var codeIndent: Int { list.textColumn + 4 }

    private func isIndented(_ index: Int) -> Bool {
        let line = lines[index].content
        let text = source.trimmed(line)
        return !text.isEmpty && text.lowerBound - line.lowerBound >= codeIndent
    }
}
