extension BlockScanner {
    /// Notes a line of text; the line after it, or after the code that begins in it.
    mutating func scanTextLine(_ index: Int, _ document: inout MarkdownDocument) -> Int {
        let line = lines[index].content
        if BlockMarkers.isRule(source[line]) {
            endParagraph()
            list = ListState()
            document.substitute("\u{2014}\u{2014}\u{2014}", for: line)
        } else if let text = BlockMarkers.headingText(line, in: source) {
            endParagraph()
            list = ListState()
            document.hide(line.lowerBound..<text.lowerBound)
            document.hide(text.upperBound..<line.upperBound)
            addHeading(text, &document)
        } else if let heading = paragraph, isUnderline(line) {
            paragraph = nil
            document.hide(lines[index - 1].content.upperBound..<line.upperBound)
            addHeading(heading, &document)
        } else if BlockMarkers.isContainerTag(line, in: source) {
            endParagraph()
            document.hide(wholeLine(index))
        } else if noteDefinition(index, &document) {
            list = ListState()
        } else if let item = ListMarker(line, in: source) {
            return scanItem(item, index, &document)
        } else {
            if paragraph == nil, !source[line.lowerBound].isSpace { list = ListState() }
            paragraph = (paragraph?.lowerBound ?? line.lowerBound)..<line.upperBound
        }
        return index + 1
    }

    private mutating func addHeading(_ text: Range<Int>, _ document: inout MarkdownDocument) {
        document.spans.append(.init(kind: .bold, range: text))
        blocks.append(Inline(range: text, isHeading: true))
    }

    /// Whether a line makes the paragraph before it a heading. A line of dashes does not: models write it as a rule.
    private func isUnderline(_ line: Range<Int>) -> Bool {
        let text = source.trimmed(line)
        return text.count > 1 && source[text].allSatisfy { $0 == "=" }
    }

    private mutating func scanItem(_ item: ListMarker, _ index: Int, _ document: inout MarkdownDocument) -> Int {
        endParagraph()
        let shown = list.add(item)
        switch item.kind {
        case .bullet: document.substitute("\u{2022} ", for: item.marker)
        case .task(let isDone): document.substitute(isDone ? "\u{2611} " : "\u{2610} ", for: item.marker)
        case .number:
            if let shown {
                let digits = source[item.marker].prefix(while: \.isDigit).count
                document.substitute("\(shown)", for: item.marker.prefix(digits))
            }
        }
        if let fence = CodeFence(opening: item.text, in: source) {
            document.substitute("\n", for: item.marker.suffix(1))
            return scanCode(fence, from: index, &document)
        }
        paragraph = item.text.lowerBound..<lines[index].content.upperBound
        return index + 1
    }

    /// Notes an address for links, or the text of a footnote, that a line gives.
    private mutating func noteDefinition(_ index: Int, _ document: inout MarkdownDocument) -> Bool {
        let line = source.trimmed(lines[index].content)
        guard let first = line.first, let label = LinkLabel(in: source, at: first, before: line.upperBound),
            label.end < line.upperBound, source[label.end] == ":"
        else { return false }
        if label.isFootnote {
            endParagraph()
            document.hide(first + 1..<first + 2)
            document.hide(label.end..<label.end + 1)
            paragraph = label.end + 1..<lines[index].content.upperBound
            return true
        }
        guard document.definitions[label.key] == nil,
            let url = LinkTarget.definedAddress(in: source, source.trimmed(label.end + 1..<line.upperBound))
        else { return false }
        endParagraph()
        // What no link uses stays as it is written.
        document.definitions[label.key] = .init(url: url, line: wholeLine(index))
        return true
    }
}
