/// Finds the inline markup of one block: emphasis, code, links, escapes. One pass; what has no counterpart stays literal.
struct InlineScanner {
    /// Markers that open and close a range. Each kind is open at most once at a time: nested in itself it means nothing.
    private enum Marker: Int, CaseIterable {
        case starItalic, starBold, underscoreItalic, underscoreBold, strike, spoiler

        var kind: MessageEntity.Kind {
            switch self {
            case .starItalic, .underscoreItalic: .italic
            case .starBold, .underscoreBold: .bold
            case .strike: .strikethrough
            case .spoiler: .spoiler
            }
        }

        var length: Int { self == .starItalic || self == .underscoreItalic ? 1 : 2 }
    }

    private struct Bracket {
        let position: Int
        let isImage: Bool
    }

    /// More open brackets than this are taken as text.
    private static let maxBrackets = 32

    private let source: [Unicode.Scalar]
    private let range: Range<Int>
    private let isHeading: Bool
    /// Where the next run of as many backticks begins, by the start of each run; 0 when there is none.
    private var nextRun: [Int: Int] = [:]
    /// Where each marker was opened; the hidden scalars of a bold italic run of three are shared out from there.
    private var opened: [Int?] = Array(repeating: nil, count: Marker.allCases.count)
    private var brackets: [Bracket] = []
    private var position: Int

    init(_ block: BlockScanner.Inline, in document: MarkdownDocument) {
        source = document.source
        range = block.range
        isHeading = block.isHeading
        position = range.lowerBound
        pairBackticks()
    }

    private mutating func pairBackticks() {
        var last: [Int: Int] = [:]
        var end = range.upperBound
        while end > range.lowerBound {
            guard source[end - 1] == "`" else {
                end -= 1
                continue
            }
            var start = end - 1
            while start > range.lowerBound, source[start - 1] == "`" { start -= 1 }
            nextRun[start] = last[end - start] ?? 0
            last[end - start] = start
            end = start
        }
    }

    /// Notes the markup in the document.
    ///
    /// - Parameter closesBold: whether bold text that is still open at the end counts as closed there.
    mutating func scan(_ document: inout MarkdownDocument, closesBold: Bool) {
        while position < range.upperBound {
            let scalar = source[position]
            if document.isHidden[position] {
                position += 1
                continue
            }
            switch scalar {
            case "\\": scanEscape(&document)
            case "`": scanCode(&document)
            case "<": scanAngle(&document)
            case "[": openBracket(isImage: false)
            case "!" where at(position + 1) == "[": openBracket(isImage: true)
            case "]": closeBracket(&document)
            case "*", "_", "~", "|": scanRun(of: scalar, &document)
            case "h": scanBareAddress(&document)
            case "\n":
                opened[Marker.spoiler.rawValue] = nil
                position += 1
            default: position += 1
            }
        }
        if closesBold, let start = opened[Marker.starBold.rawValue] {
            close(.starBold, openedAt: start, at: range.upperBound, &document)
        }
    }

    private func at(_ index: Int) -> Unicode.Scalar? { range.contains(index) ? source[index] : nil }

    private func runLength(from start: Int) -> Int {
        var end = start
        while end < range.upperBound, source[end] == source[start] { end += 1 }
        return end - start
    }

    // MARK: - Escapes, code, addresses

    private mutating func scanEscape(_ document: inout MarkdownDocument) {
        guard let next = at(position + 1), "\\`*_{}[]<>#+-.!|~".unicodeScalars.contains(next) else {
            position += 1
            return
        }
        document.hide(position..<position + 1)
        position += 2
        // What is left of a run of backticks is not its beginning any more.
        if next == "`" { position += at(position) == "`" ? runLength(from: position) : 0 }
    }

    private mutating func scanCode(_ document: inout MarkdownDocument) {
        let length = runLength(from: position)
        guard let closing = nextRun[position], closing > 0 else {
            position += length
            return
        }
        var content = position + length..<closing
        document.hide(position..<content.lowerBound)
        document.hide(closing..<closing + length)
        position = closing + length
        if content.count > 2, source[content.lowerBound] == " ", source[content.upperBound - 1] == " ",
            source[content].contains(where: { $0 != " " })
        {
            document.hide(content.lowerBound..<content.lowerBound + 1)
            document.hide(content.upperBound - 1..<content.upperBound)
            content = content.lowerBound + 1..<content.upperBound - 1
        }
        document.spans.append(.init(kind: .code, range: content))
    }

    private func startsAddress(_ start: Int) -> Bool {
        ["http://", "https://", "mailto:"].contains { prefix in
            source[start..<min(start + prefix.count, range.upperBound)].elementsEqual(prefix.unicodeScalars)
        }
    }

    private mutating func scanAngle(_ document: inout MarkdownDocument) {
        let start = position + 1
        position = start
        guard startsAddress(start) else { return }
        var end = start
        while let scalar = at(end), !scalar.isSpace, scalar != "<", scalar != ">" { end += 1 }
        if at(end) == ">" {
            document.hide(start - 1..<start)
            document.hide(end..<end + 1)
            document.addresses.append(start..<end)
        }
        position = end
    }

    /// Skips a bare address, whose underscores are no markup. Telegram finds it by itself.
    private mutating func scanBareAddress(_ document: inout MarkdownDocument) {
        let start = position
        position += 1
        if start > range.lowerBound, source[start - 1].isWord { return }
        guard startsAddress(start) else { return }
        var end = start
        while let scalar = at(end), !scalar.isSpace, !"<>()[]\"`*~|".unicodeScalars.contains(scalar) { end += 1 }
        document.addresses.append(start..<end)
        position = end
    }

    // MARK: - Links

    private mutating func openBracket(isImage: Bool) {
        if brackets.count < Self.maxBrackets {
            brackets.append(Bracket(position: position, isImage: isImage))
        }
        position += isImage ? 2 : 1
    }

    private mutating func closeBracket(_ document: inout MarkdownDocument) {
        let closing = position
        position += 1
        guard let bracket = brackets.popLast(), at(closing + 1) == "(",
            let target = LinkTarget(in: source, from: closing + 2, to: range.upperBound)
        else { return }
        let label = bracket.position + (bracket.isImage ? 2 : 1)..<closing
        switch target.kind {
        case .unknown: return
        case .forbidden:
            // Addresses such as tg://user would let a model ping people: only the label stays.
            document.hide(closing..<target.end)
        case .allowed:
            let isEmpty = source[label].allSatisfy(\.isSpace)
            let shown = isEmpty ? target.address : label
            if isEmpty {
                document.hide(closing..<shown.lowerBound)
                document.hide(shown.upperBound..<target.end)
            } else {
                document.hide(closing..<target.end)
            }
            // Code in a link would take the link away.
            while let last = document.spans.last, last.kind == .code, last.range.lowerBound >= label.lowerBound {
                document.spans.removeLast()
            }
            document.spans.append(.init(kind: .link, range: shown, url: target.url))
        }
        document.hide(bracket.position..<label.lowerBound)
        for marker in Marker.allCases where opened[marker.rawValue].map({ $0 > bracket.position }) ?? false {
            opened[marker.rawValue] = nil
        }
        brackets.removeAll()
        position = target.end
    }

    // MARK: - Emphasis

    private mutating func scanRun(of scalar: Unicode.Scalar, _ document: inout MarkdownDocument) {
        let start = position
        let length = runLength(from: start)
        position = start + length
        guard let markers = Self.markers(scalar, length) else { return }
        let (opens, closes) = Self.abilities(scalar, length, at(start - 1), at(position))

        if closes {
            // The one opened last closes first.
            let candidates = markers.filter { marker in
                opened[marker.rawValue].map { $0 + marker.length < start } ?? false
            }.sorted { (opened[$0.rawValue] ?? 0, $0.length) > (opened[$1.rawValue] ?? 0, $1.length) }
            if !candidates.isEmpty {
                var at = start
                for marker in candidates {
                    guard let opening = opened[marker.rawValue] else { continue }
                    close(marker, openedAt: opening, at: at, &document)
                    at += marker.length
                }
                return
            }
        }
        if opens { for marker in markers { opened[marker.rawValue] = start } }
    }

    private static func markers(_ scalar: Unicode.Scalar, _ length: Int) -> [Marker]? {
        switch (scalar, length) {
        case ("*", 1): [.starItalic]
        case ("*", 2): [.starBold]
        case ("*", 3): [.starBold, .starItalic]
        case ("_", 1): [.underscoreItalic]
        case ("_", 2): [.underscoreBold]
        case ("_", 3): [.underscoreBold, .underscoreItalic]
        case ("~", 2): [.strike]
        case ("|", 2): [.spoiler]
        default: nil
        }
    }

    /// Whether a run may open and close. Stricter than CommonMark, so that `2*3*4`, `x**2`, `snake_case` and `a || b` stay.
    private static func abilities(
        _ scalar: Unicode.Scalar, _ length: Int, _ before: Unicode.Scalar?, _ after: Unicode.Scalar?
    ) -> (opens: Bool, closes: Bool) {
        let opens = after.map { !$0.isSpace } ?? false
        let closes = before.map { !$0.isSpace } ?? false
        let wordBefore = before?.isASCIIWord ?? false
        let wordAfter = after?.isASCIIWord ?? false
        switch scalar {
        case "_": return (opens && !(before?.isWord ?? false), closes && !(after?.isWord ?? false))
        case "*" where length > 1: return (opens && !(wordBefore && wordAfter), closes)
        case "~": return (opens, closes)
        default: return (opens && !wordBefore, closes && !wordAfter)
        }
    }

    /// Formats from where a marker was opened; what was opened in between and not closed stays literal.
    private mutating func close(
        _ marker: Marker, openedAt opening: Int, at end: Int, _ document: inout MarkdownDocument
    ) {
        // Of a run of three, the first is the italic's and the other two are the bold's.
        let shared = runLength(from: opening) == 3 && marker.length == 2 ? 1 : 0
        let content = opening + shared + marker.length
        document.hide(opening + shared..<content)
        document.hide(end..<min(end + marker.length, range.upperBound))
        if !(isHeading && marker.kind == .bold), content < end {
            document.spans.append(.init(kind: marker.kind, range: content..<end))
        }
        opened[marker.rawValue] = nil
        for other in Marker.allCases where opened[other.rawValue].map({ $0 > opening }) ?? false {
            opened[other.rawValue] = nil
        }
        while let bracket = brackets.last, bracket.position > opening { brackets.removeLast() }
    }
}
