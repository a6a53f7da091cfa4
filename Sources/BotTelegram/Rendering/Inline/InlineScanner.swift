/// Finds the inline markup of one block: emphasis, code, links, formulas, tags, escapes. One pass; what has no counterpart
/// stays literal.
struct InlineScanner {
    struct Bracket {
        let position: Int
        let isImage: Bool
    }

    /// More open brackets than this are taken as text.
    private static let maxBrackets = 32

    let source: [Unicode.Scalar]
    let block: BlockScanner.Inline
    var range: Range<Int> { block.range }
    var position: Int
    /// Where the next run of as many backticks begins, by the start of each run; 0 when there is none.
    var nextRun: [Int: Int] = [:]
    /// Where each marker was opened; the hidden scalars of a bold italic run of three are shared out from there.
    var opened: [Int?] = Array(repeating: nil, count: Marker.allCases.count)
    var tags: [HTMLTag] = []
    var brackets: [Bracket] = []
    /// What has been looked for up to the end and is not there.
    var missing: Set<String> = []

    init(_ block: BlockScanner.Inline, in document: MarkdownDocument) {
        source = document.source
        self.block = block
        position = block.range.lowerBound
        pairBackticks()
    }

    /// Notes the markup in the document.
    mutating func scan(_ document: inout MarkdownDocument) {
        while position < range.upperBound {
            let scalar = source[position]
            if document.isHidden[position] {
                position += 1
                continue
            }
            switch scalar {
            case "\\": scanBackslash(&document)
            case "`": scanCode(&document)
            case "$": scanDollar(&document)
            case "<": scanAngle(&document)
            case "&": scanReference(&document)
            case "[": openBracket(isImage: false)
            case "!" where at(position + 1) == "[": openBracket(isImage: true)
            case "!" where block.isOpen && at(position + 1) == nil && at(position - 1)?.isSpace ?? true:
                // The beginning of an image, perhaps.
                document.hide(position..<position + 1)
                position += 1
            case "]": closeBracket(&document)
            case "*", "_", "~", "|": scanRun(of: scalar, &document)
            case "h": scanBareAddress(&document)
            case "\n":
                opened[Marker.spoiler.rawValue] = nil
                position += 1
            default: position += 1
            }
        }
        if block.isOpen { closeAll(&document) }
    }

    func at(_ index: Int) -> Unicode.Scalar? { range.contains(index) ? source[index] : nil }

    func runLength(from start: Int) -> Int { source.runLength(from: start, to: range.upperBound) }

    /// The next place of a text; nil when there is none. What is missing once is not looked for again.
    mutating func find(_ text: StaticString, from start: Int) -> Int? {
        guard !missing.contains("\(text)") else { return nil }
        var position = start
        while position < range.upperBound {
            if source.matches(text, at: position, before: range.upperBound) { return position }
            position += 1
        }
        missing.insert("\(text)")
        return nil
    }

    /// What was opened after a position and is still open stays literal.
    mutating func forget(openedAfter position: Int) {
        for marker in opened.indices where opened[marker].map({ $0 > position }) ?? false { opened[marker] = nil }
        while let tag = tags.last, tag.range.lowerBound > position { tags.removeLast() }
        while let bracket = brackets.last, bracket.position > position { brackets.removeLast() }
    }

    mutating func openBracket(isImage: Bool) {
        if brackets.count < Self.maxBrackets { brackets.append(Bracket(position: position, isImage: isImage)) }
        position += isImage ? 2 : 1
    }

    /// At the end of a text that goes on: what is open is shown as if it were closed here, the last opened first.
    private mutating func closeAll(_ document: inout MarkdownDocument) {
        if let bracket = brackets.popLast() {
            document.hide(bracket.position..<bracket.position + (bracket.isImage ? 2 : 1))
        }
        while true {
            let marker = openMarker(in: Marker.allCases)
            let opening = marker.flatMap { opened[$0.rawValue] } ?? -1
            if let tag = tags.last, tag.range.lowerBound > opening {
                tags.removeLast()
                format(tag, to: range.upperBound, &document)
            } else if let marker {
                close(marker, openedAt: opening, at: range.upperBound, &document)
            } else {
                return
            }
        }
    }
}
