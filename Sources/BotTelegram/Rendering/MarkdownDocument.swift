/// A Markdown source and what the scanners have found in it, in positions of its scalars.
struct MarkdownDocument {
    /// A formatted range.
    struct Span {
        let kind: MessageEntity.Kind
        let range: Range<Int>
        var url: String?
        var language: String?
    }

    let source: [Unicode.Scalar]
    /// Scalars that are not shown.
    var isHidden: [Bool]
    /// Scalars that are shown as another.
    var substitutes: [Int: Unicode.Scalar] = [:]
    var spans: [Span] = []
    /// Bare addresses, in order: not to be cut.
    var addresses: [Range<Int>] = []

    init(_ source: [Unicode.Scalar]) {
        self.source = source
        isHidden = Array(repeating: false, count: source.count)
    }

    mutating func hide(_ range: Range<Int>) {
        for index in range { isHidden[index] = true }
    }

    /// Writes the text and moves the ranges to UTF-16 offsets in it.
    func formattedText() -> FormattedText {
        var text = String.UnicodeScalarView()
        var offsets: [Int] = []
        offsets.reserveCapacity(source.count + 1)
        var offset = 0
        for index in source.indices {
            offsets.append(offset)
            if isHidden[index] { continue }
            let scalar = substitutes[index] ?? source[index]
            text.append(scalar)
            offset += scalar.value > 0xFFFF ? 2 : 1
        }
        offsets.append(offset)

        let entities = spans.map { span in
            let start = offsets[span.range.lowerBound]
            return MessageEntity(
                type: span.kind, offset: start, length: offsets[span.range.upperBound] - start, url: span.url,
                language: span.language)
        }
        return FormattedText(
            text: String(text), entities: EntityNesting.legal(entities),
            unbreakable: addresses.map { offsets[$0.lowerBound]..<offsets[$0.upperBound] }.filter { !$0.isEmpty })
    }
}

/// Makes entities legal for Telegram ("Formatting options", Bot API): code holds no other entity and lies in none but
/// quotes; one kind does not overlap itself.
enum EntityNesting {
    static func legal(_ entities: [MessageEntity]) -> [MessageEntity] {
        let code = merged(entities.filter { $0.type == .code || $0.type == .pre && $0.length > 0 })
        var result = code
        for kind in MessageEntity.Kind.allCases where kind != .code && kind != .pre {
            let ofKind = merged(entities.filter { $0.type == kind })
            result += kind == .blockquote ? ofKind : subtract(code, from: ofKind)
        }
        return result.sorted { ($0.offset, -$0.length, $0.type.rawValue) < ($1.offset, -$1.length, $1.type.rawValue) }
    }

    /// Entities of one kind in order, without empty ones; overlapping ones become one.
    private static func merged(_ entities: [MessageEntity]) -> [MessageEntity] {
        var result: [MessageEntity] = []
        for entity in entities.sorted(by: { ($0.offset, -$0.length) < ($1.offset, -$1.length) })
        where entity.length > 0 {
            if let last = result.last, entity.offset < last.end {
                result[result.count - 1].length = max(last.end, entity.end) - last.offset
            } else {
                result.append(entity)
            }
        }
        return result
    }

    /// What of the entities lies outside the holes; both in order.
    private static func subtract(_ holes: [MessageEntity], from entities: [MessageEntity]) -> [MessageEntity] {
        var result: [MessageEntity] = []
        var first = 0
        for entity in entities {
            while first < holes.count, holes[first].end <= entity.offset { first += 1 }
            var start = entity.offset
            var next = first
            while next < holes.count, holes[next].offset < entity.end {
                if holes[next].offset > start { result.append(piece(of: entity, start, holes[next].offset)) }
                start = max(start, holes[next].end)
                next += 1
            }
            if start < entity.end { result.append(piece(of: entity, start, entity.end)) }
        }
        return result
    }

    private static func piece(of entity: MessageEntity, _ start: Int, _ end: Int) -> MessageEntity {
        var piece = entity
        piece.offset = start
        piece.length = end - start
        return piece
    }
}
