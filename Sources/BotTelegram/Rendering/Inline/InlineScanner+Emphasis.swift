extension InlineScanner {
    /// Markers that open and close a range. Each kind is open at most once at a time: nested in itself it means nothing.
    enum Marker: Int, CaseIterable {
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

    mutating func scanRun(of scalar: Unicode.Scalar, _ document: inout MarkdownDocument) {
        let start = position
        let length = runLength(from: start)
        position = start + length
        // What of a run is not used may go on as a marker.
        let isCutOff = block.isOpen && position == range.upperBound
        guard let markers = Self.markers(scalar, length) else {
            if isCutOff { document.hide(start..<position) }
            return
        }
        let (opens, closes) = Self.abilities(scalar, length, at(start - 1), at(position))
        if closes {
            var place = start
            var candidates = markers
            while let marker = openMarker(in: candidates), let opening = opened[marker.rawValue],
                opening + marker.length < start
            {
                candidates.removeAll { $0 == marker }
                close(marker, openedAt: opening, at: place, &document)
                place += marker.length
            }
            if place > start { return }
        }
        if isCutOff { document.hide(start..<position) }
        if opens { for marker in markers { opened[marker.rawValue] = start } }
    }

    /// The marker that was opened last, of some.
    func openMarker(in markers: [Marker]) -> Marker? {
        markers.filter { opened[$0.rawValue] != nil }
            .max { (opened[$0.rawValue] ?? 0, $0.length) < (opened[$1.rawValue] ?? 0, $1.length) }
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
    mutating func close(_ marker: Marker, openedAt opening: Int, at end: Int, _ document: inout MarkdownDocument) {
        // Of a run of three, the first is the italic's and the other two are the bold's.
        let shared = runLength(from: opening) == 3 && marker.length == 2 ? 1 : 0
        let content = opening + shared + marker.length
        document.hide(opening + shared..<content)
        document.hide(end..<min(end + marker.length, range.upperBound))
        if !(block.isHeading && marker.kind == .bold), content < end {
            document.spans.append(.init(kind: marker.kind, range: content..<end))
        }
        opened[marker.rawValue] = nil
        forget(openedAfter: opening)
    }
}
