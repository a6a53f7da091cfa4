/// Takes one message after the other from a formatted text.
struct ChunkCutter {
    private let text: String
    private let cells: [TextCell]
    private let entities: [MessageEntity]
    private let maxScalars: Int
    private let maxEntities: Int
    /// What Telegram makes of the entities, by where it begins.
    private let pieces: [Range<Int>]
    /// For each cell, whether a cut before it would cut a link, an address or short code.
    private let breaksLink: [Bool]
    /// For each cell, whether it lies in code, where white space counts.
    private let isCode: [Bool]
    private let length: Int

    /// The first cell that is not yet taken, and its place in the text.
    private var position = 0
    private var index: String.Index
    /// The first entity that begins at or after the position, and those from before that reach beyond it.
    private var nextEntity = 0
    private var carried: [MessageEntity] = []
    /// The same of the pieces.
    private var nextPiece = 0
    private var carriedPieces: [Range<Int>] = []

    init(_ formatted: FormattedText, maxScalars: Int, maxEntities: Int) {
        text = formatted.text
        cells = TextCell.cells(of: formatted.text)
        entities = formatted.entities
        pieces = EntityPieces.ranges(of: formatted.entities)
        self.maxScalars = maxScalars
        self.maxEntities = maxEntities
        let links = formatted.entities.filter { $0.type == .link }.map { $0.offset..<$0.end }
        breaksLink = Self.marks(in: cells, of: links, insideOnly: true)
            .merged(with: Self.marks(in: cells, of: formatted.unbreakable, insideOnly: true))
        isCode = Self.marks(
            in: cells, of: formatted.entities.filter { $0.type == .pre || $0.type == .code }.map { $0.offset..<$0.end },
            insideOnly: false)
        index = text.startIndex
        length = text.utf16.count
    }

    /// The next message; nil at the end.
    mutating func next() -> FormattedText? {
        while true {
            skipWhiteSpace()
            guard position < cells.count else { return nil }
            let limit = hardLimit()
            let cut = limit == cells.count ? limit : bestCut(upTo: limit)
            let chunk = take(upTo: cut)
            if let chunk { return chunk }
        }
    }

    // MARK: - Where to cut

    /// The farthest cell that a message from here can end before.
    private func hardLimit() -> Int {
        var scalars = 0
        var open = carriedPieces.count
        var piece = nextPiece
        var cell = position
        while cell < cells.count {
            let cellEnd = offset(cell + 1)
            while piece < pieces.count, pieces[piece].lowerBound < cellEnd {
                open += 1
                piece += 1
            }
            scalars += cells[cell].scalars
            if scalars > maxScalars || open > maxEntities { break }
            cell += 1
        }
        return max(cell, position + 1)
    }

    /// The best cut in the second half of what would fit, or else the last one possible.
    private func bestCut(upTo limit: Int) -> Int {
        let middle = position + (limit - position) / 2
        var best = (rank: -1, cut: limit)
        var cut = limit
        while cut > position {
            let rank = rank(ofCutBefore: cut)
            if rank > best.rank { best = (rank, cut) }
            if best.rank == 5 || cut < middle && best.rank > 0 { break }
            cut -= 1
        }
        return best.cut
    }

    /// 5 for the end of a paragraph, 4 of a line, 3 of a sentence, 2 of a word, 1 between characters, 0 in a link, -1 in a
    /// character.
    private func rank(ofCutBefore cell: Int) -> Int {
        guard cell < cells.count else { return 5 }
        if cells[cell].isContinuation { return -1 }
        if breaksLink[cell] { return 0 }
        let previous = cells[cell - 1].kind
        switch cells[cell].kind {
        case .newline:
            let isParagraph = cell + 1 < cells.count && cells[cell + 1].kind == .newline && !isCode[cell]
            return isParagraph ? 5 : 4
        case .space:
            if isCode[cell] { return 2 }
            let before = previous == .closer && cell >= position + 2 ? cells[cell - 2].kind : previous
            return before == .sentenceEnd || before == .wideSentenceEnd ? 3 : 2
        default:
            if previous == .newline { return 4 }
            return previous == .wideSentenceEnd && cells[cell].kind != .closer ? 3 : 1
        }
    }

    // MARK: - Taking

    /// Skips blank lines, and spaces where they do not belong to code.
    private mutating func skipWhiteSpace() {
        var first = position
        var cell = position
        while cell < cells.count {
            switch cells[cell].kind {
            case .newline: first = cell + 1
            case .space: if !isCode[cell] && first == cell { first = cell + 1 }
            default:
                move(to: first)
                return
            }
            cell += 1
        }
        move(to: cells.count)
    }

    private mutating func move(to cell: Int) {
        guard cell > position else { return }
        index = text.utf16.index(index, offsetBy: offset(cell) - offset(position))
        position = cell
        let start = offset(cell)
        carried = carried.filter { $0.end > start }
        while nextEntity < entities.count, entities[nextEntity].offset < start {
            if entities[nextEntity].end > start { carried.append(entities[nextEntity]) }
            nextEntity += 1
        }
        carriedPieces = carriedPieces.filter { $0.upperBound > start }
        while nextPiece < pieces.count, pieces[nextPiece].lowerBound < start {
            if pieces[nextPiece].upperBound > start { carriedPieces.append(pieces[nextPiece]) }
            nextPiece += 1
        }
    }

    /// The message up to a cell, without white space at its end; nil when nothing of it can be seen.
    private mutating func take(upTo cut: Int) -> FormattedText? {
        var last = cut
        while last > position, cells[last - 1].kind == .newline || cells[last - 1].kind == .space { last -= 1 }
        let isVisible = cells[position..<last].contains(where: \.isVisible)
        let start = offset(position)
        let stop = offset(last)
        let from = index
        let to = text.utf16.index(from, offsetBy: stop - start)
        var kept = carried
        var entity = nextEntity
        while entity < entities.count, entities[entity].offset < stop {
            kept.append(entities[entity])
            entity += 1
        }
        let chunk = FormattedText(
            text: String(text[from..<to]), entities: kept.compactMap { $0.part(in: start..<stop) })
        move(to: cut)
        return isVisible ? chunk : nil
    }

    private func offset(_ cell: Int) -> Int {
        cell < cells.count ? cells[cell].offset : length
    }

    // MARK: - Marks

    /// For each cell whether it begins in one of the ranges: behind its start, if `insideOnly`.
    private static func marks(in cells: [TextCell], of ranges: [Range<Int>], insideOnly: Bool) -> [Bool] {
        var marks = Array(repeating: false, count: cells.count)
        let ordered = ranges.sorted { $0.lowerBound < $1.lowerBound }
        var next = 0
        for (cell, value) in cells.enumerated() {
            while next < ordered.count, ordered[next].upperBound <= value.offset { next += 1 }
            guard next < ordered.count else { break }
            let range = ordered[next]
            marks[cell] = range.contains(value.offset) && !(insideOnly && range.lowerBound == value.offset)
        }
        return marks
    }
}

extension [Bool] {
    /// True wherever one of the two is.
    fileprivate func merged(with other: [Bool]) -> [Bool] { zip(self, other).map { $0 || $1 } }
}

extension MessageEntity {
    /// What of this entity lies in a range, moved so that the range begins at 0; nil when nothing does.
    func part(in range: Range<Int>) -> MessageEntity? {
        let start = max(offset, range.lowerBound)
        let stop = min(end, range.upperBound)
        guard start < stop else { return nil }
        var part = self
        part.offset = start - range.lowerBound
        part.length = stop - start
        return part
    }
}
