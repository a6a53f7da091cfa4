/// Finds the blocks of a Markdown source line by line: code, tables, formulas, headings, quotes, lists, rules and
/// paragraphs.
///
/// Quotes are flat, as Telegram's are, and end at the first line without a mark; lists keep their indentation.
struct BlockScanner {
    /// A stretch of text whose inline markup belongs together.
    struct Inline {
        var range: Range<Int>
        /// Whether all of it is bold already.
        var isHeading = false
        /// Whether the text may go on in it.
        var isOpen = false
        /// What a line break is shown as.
        var lineBreak = "\n"
    }

    let source: [Unicode.Scalar]
    let lines: [SourceLine]
    let isUnfinished: Bool
    var blocks: [Inline] = []
    var paragraph: Range<Int>?
    var list = ListState()
    /// The first line of which is known that no formula before it is closed, for each kind of formula.
    var formulaLimits: [Int] = [0, 0, 0]
    private var quote: Range<Int>?

    init(_ document: MarkdownDocument) {
        source = document.source
        lines = SourceLine.lines(of: source)
        isUnfinished = document.isUnfinished
    }

    /// Notes the blocks in the document and returns the stretches of inline markup, in order.
    mutating func scan(_ document: inout MarkdownDocument) -> [Inline] {
        var index = 0
        var blankLines = 0
        while index < lines.count {
            let line = lines[index]
            if line.isQuoted != (quote != nil) {
                endParagraph()
                list = ListState()
                endQuote(&document)
                if line.isQuoted { quote = line.content }
            }
            document.hide(line.start..<line.content.lowerBound)
            if source.isBlank(line.content) {
                endParagraph()
                blankLines += 1
                // One blank line is enough; the newline before it stays.
                document.hide(blankLines > 1 && !line.isQuoted ? wholeLine(index) : line.content)
                index += 1
            } else {
                blankLines = 0
                index = scanBlock(at: index, &document)
            }
            if let begun = quote { quote = begun.lowerBound..<lines[index - 1].content.upperBound }
        }
        endParagraph()
        endQuote(&document)
        if isUnfinished, let last = blocks.last, source.count - last.range.upperBound <= 1 {
            blocks[blocks.count - 1].isOpen = true
        }
        return blocks
    }

    /// Notes what begins at a line; the line after it.
    private mutating func scanBlock(at index: Int, _ document: inout MarkdownDocument) -> Int {
        if isUnfinished, holdsBack(index) {
            endParagraph()
            document.hide(lines[index].content)
            return index + 1
        }
        if let fence = CodeFence(opening: lines[index].content, in: source) {
            return scanCode(fence, from: index, &document)
        }
        if let end = tableEnd(from: index) { return scanTable(index..<end, &document) }
        if let end = formulaEnd(from: index) { return scanFormula(index..<end, &document) }
        if let end = indentedCodeEnd(from: index) { return scanIndentedCode(index..<end, &document) }
        return scanTextLine(index, &document)
    }

    /// Whether the end of an unfinished text may become a marker, or a table of which only the head is there.
    private func holdsBack(_ index: Int) -> Bool {
        let line = source.trimmed(lines[index].content)
        if index == lines.count - 1, BlockMarkers.mayBegin(source[line]) { return true }
        guard index >= lines.count - 2, source[line.lowerBound] == "|", !source[line].dropFirst().starts(with: ["|"]),
            tableEnd(from: index) == nil
        else { return false }
        // The row of dashes is not there, or not to be known as such yet.
        return lines[(index + 1)...].allSatisfy { next in
            source[next.content].allSatisfy { "|-: ".unicodeScalars.contains($0) }
        }
    }

    /// Whether a line is in a quote as another is.
    func continues(_ index: Int, _ first: Int) -> Bool {
        index < lines.count && lines[index].isQuoted == lines[first].isQuoted
    }

    /// A line with its line end.
    func wholeLine(_ index: Int) -> Range<Int> {
        lines[index].start..<min(lines[index].content.upperBound + 1, source.count)
    }

    mutating func endParagraph() {
        if let paragraph { blocks.append(Inline(range: paragraph)) }
        paragraph = nil
    }

    private mutating func endQuote(_ document: inout MarkdownDocument) {
        if let quote { document.spans.append(.init(kind: .blockquote, range: quote)) }
        quote = nil
    }
}
