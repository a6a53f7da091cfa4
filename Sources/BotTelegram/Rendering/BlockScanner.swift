/// Finds the blocks of a Markdown source line by line: fenced code, tables, headings, quotes, lists, rules and paragraphs.
struct BlockScanner {
    /// A stretch of text whose inline markup belongs together.
    struct Inline {
        var range: Range<Int>
        /// Whether all of it is bold already.
        var isHeading = false
    }

    private struct Fence {
        let mark: Unicode.Scalar
        let length: Int
        let indent: Int
        let language: String?
        let content: Int
    }

    private let source: [Unicode.Scalar]
    private let lines: [Range<Int>]
    private var blocks: [Inline] = []
    private var paragraph: Range<Int>?
    private var quote: Range<Int>?

    init(_ document: inout MarkdownDocument) {
        source = document.source
        var lines: [Range<Int>] = []
        var start = 0
        for (index, scalar) in source.enumerated() where scalar == "\n" {
            lines.append(start..<index)
            start = index + 1
        }
        lines.append(start..<source.count)
        self.lines = lines
    }

    /// Notes the blocks in the document and returns the stretches of inline markup, in order.
    mutating func scan(_ document: inout MarkdownDocument) -> [Inline] {
        var index = 0
        var blankLines = 0
        while index < lines.count {
            let line = lines[index]
            if isBlank(line) {
                endParagraph()
                endQuote(&document)
                blankLines += 1
                // One blank line is enough; the newline before it stays.
                document.hide(line.lowerBound..<(blankLines > 1 ? newlineEnd(line) : line.upperBound))
                index += 1
                continue
            }
            blankLines = 0
            if let fence = fence(opening: line) {
                index = scanCode(fence, from: index, &document)
            } else if let end = tableEnd(from: index) {
                index = scanTable(index..<end, &document)
            } else {
                scanTextLine(line, &document)
                index += 1
            }
        }
        endParagraph()
        endQuote(&document)
        return blocks
    }

    // MARK: - Code and tables

    private func fence(opening line: Range<Int>) -> Fence? {
        let start = skipSpaces(line.lowerBound, line)
        guard start < line.upperBound, source[start] == "`" || source[start] == "~" else { return nil }
        let mark = source[start]
        var position = start
        while position < line.upperBound, source[position] == mark { position += 1 }
        guard position - start >= 3 else { return nil }
        let info = source[position..<line.upperBound]
        if mark == "`", info.contains("`") { return nil }
        let word = info.drop(while: \.isSpace).prefix { $0.isASCIIWord || "+-#._".unicodeScalars.contains($0) }
        let language = word.isEmpty || word.count > 32 ? nil : String(String.UnicodeScalarView(word))
        return Fence(
            mark: mark, length: position - start, indent: start - line.lowerBound, language: language,
            content: newlineEnd(line))
    }

    private func closes(_ fence: Fence, _ line: Range<Int>) -> Bool {
        let start = skipSpaces(line.lowerBound, line)
        var position = start
        while position < line.upperBound, source[position] == fence.mark { position += 1 }
        return position - start >= fence.length && isBlank(position..<line.upperBound)
    }

    /// Notes a block of code that begins at a line; one that never ends goes to the end of the text.
    private mutating func scanCode(_ fence: Fence, from opening: Int, _ document: inout MarkdownDocument) -> Int {
        endParagraph()
        endQuote(&document)
        document.hide(lines[opening].lowerBound..<fence.content)
        var index = opening + 1
        while index < lines.count, !closes(fence, lines[index]) {
            let line = lines[index]
            var indentEnd = line.lowerBound
            while indentEnd < line.upperBound, indentEnd - line.lowerBound < fence.indent, source[indentEnd] == " " {
                indentEnd += 1
            }
            document.hide(line.lowerBound..<indentEnd)
            index += 1
        }
        let end = max(fence.content, lines[index - 1].upperBound)
        if source[fence.content..<end].contains(where: { !$0.isSpace }) {
            document.spans.append(
                .init(kind: .pre, range: fence.content..<end, language: fence.language))
        }
        guard index < lines.count else { return index }
        document.hide(lines[index].lowerBound..<newlineEnd(lines[index]))
        return index + 1
    }

    /// The line after a table that begins at a line: a row with bars, then the row of dashes.
    private func tableEnd(from index: Int) -> Int? {
        guard index + 1 < lines.count, source[lines[index]].contains("|") else { return nil }
        let rule = source[lines[index + 1]]
        guard rule.contains("|"), rule.contains("-"),
            rule.allSatisfy({ $0 == "|" || $0 == "-" || $0 == ":" || $0.isSpace })
        else { return nil }
        var end = index + 2
        while end < lines.count, source[lines[end]].contains("|") { end += 1 }
        return end
    }

    /// Telegram has no tables: equal widths at least keep the columns apart.
    private mutating func scanTable(_ rows: Range<Int>, _ document: inout MarkdownDocument) -> Int {
        endParagraph()
        endQuote(&document)
        let range = lines[rows.lowerBound].lowerBound..<lines[rows.upperBound - 1].upperBound
        document.spans.append(.init(kind: .pre, range: range))
        return rows.upperBound
    }

    // MARK: - Text

    private mutating func scanTextLine(_ line: Range<Int>, _ document: inout MarkdownDocument) {
        var line = line
        let isQuoted = hideQuoteMarks(&line, &document)
        if isQuoted != (quote != nil) { endParagraph() }
        if isQuoted {
            quote = (quote?.lowerBound ?? line.lowerBound)..<line.upperBound
        } else {
            endQuote(&document)
        }
        if isBlank(line) { return endParagraph() }
        if isRule(line) {
            endParagraph()
            document.hide(line)
            document.isHidden[line.lowerBound] = false
            document.substitutes[line.lowerBound] = "\u{2E3B}"  // a three-em dash
            return
        }
        if let heading = headingText(line) {
            endParagraph()
            document.hide(line.lowerBound..<heading.lowerBound)
            document.hide(heading.upperBound..<line.upperBound)
            document.spans.append(.init(kind: .bold, range: heading))
            blocks.append(Inline(range: heading, isHeading: true))
            return
        }
        if let content = listItemText(line, &document) {
            endParagraph()
            paragraph = content..<line.upperBound
        } else {
            paragraph = (paragraph?.lowerBound ?? line.lowerBound)..<line.upperBound
        }
    }

    private func hideQuoteMarks(_ line: inout Range<Int>, _ document: inout MarkdownDocument) -> Bool {
        var isQuoted = false
        while true {
            let mark = skipSpaces(line.lowerBound, line)
            guard mark < line.upperBound, source[mark] == ">", mark - line.lowerBound < 4 else { return isQuoted }
            isQuoted = true
            let hasSpace = mark + 1 < line.upperBound && source[mark + 1] == " "
            let start = mark + (hasSpace ? 2 : 1)
            document.hide(line.lowerBound..<start)
            line = start..<line.upperBound
        }
    }

    private func isRule(_ line: Range<Int>) -> Bool {
        let marks = source[line].filter { !$0.isSpace }
        guard marks.count >= 3, let first = marks.first, first == "-" || first == "*" || first == "_" else {
            return false
        }
        return marks.allSatisfy { $0 == first }
    }

    private func headingText(_ line: Range<Int>) -> Range<Int>? {
        let start = skipSpaces(line.lowerBound, line)
        var position = start
        while position < line.upperBound, source[position] == "#" { position += 1 }
        guard (1...6).contains(position - start), position < line.upperBound, source[position].isSpace else {
            return nil
        }
        position = skipSpaces(position, line)
        var end = trimmedEnd(position..<line.upperBound)
        // Closing marks count only after a space: "C#" is a name.
        var closing = end
        while closing > position, source[closing - 1] == "#" { closing -= 1 }
        if closing > position, source[closing - 1].isSpace { end = trimmedEnd(position..<closing) }
        return position < end ? position..<end : nil
    }

    /// Where the text of a list item begins; its dash becomes a bullet, its box a box.
    private func listItemText(_ line: Range<Int>, _ document: inout MarkdownDocument) -> Int? {
        let start = skipSpaces(line.lowerBound, line)
        guard start < line.upperBound else { return nil }
        var position = start
        if "-*+".unicodeScalars.contains(source[start]) {
            position += 1
            guard position < line.upperBound, source[position].isSpace else { return nil }
            let text = skipSpaces(position, line)
            guard text < line.upperBound else { return nil }
            if text + 3 < line.upperBound, source[text] == "[", source[text + 2] == "]", source[text + 3].isSpace,
                " xX".unicodeScalars.contains(source[text + 1])
            {
                document.substitutes[text] = source[text + 1] == " " ? "\u{2610}" : "\u{2611}"
                document.hide(start..<text)
                document.hide(text + 1..<text + 3)
                return text + 3
            }
            document.substitutes[start] = "\u{2022}"
            return text
        }
        while position < line.upperBound, position - start < 9, source[position].isDigit { position += 1 }
        guard position > start, position + 1 < line.upperBound, source[position] == "." || source[position] == ")",
            source[position + 1].isSpace
        else { return nil }
        return position + 1
    }

    private mutating func endParagraph() {
        if let paragraph { blocks.append(Inline(range: paragraph)) }
        paragraph = nil
    }

    private mutating func endQuote(_ document: inout MarkdownDocument) {
        if let quote { document.spans.append(.init(kind: .blockquote, range: quote)) }
        quote = nil
    }

    // MARK: - Lines

    private func newlineEnd(_ line: Range<Int>) -> Int { min(line.upperBound + 1, source.count) }

    private func skipSpaces(_ start: Int, _ line: Range<Int>) -> Int {
        var position = start
        while position < line.upperBound, source[position].isSpace { position += 1 }
        return position
    }

    private func trimmedEnd(_ range: Range<Int>) -> Int {
        var end = range.upperBound
        while end > range.lowerBound, source[end - 1].isSpace { end -= 1 }
        return end
    }

    private func isBlank(_ range: Range<Int>) -> Bool { source[range].allSatisfy(\.isSpace) }
}
