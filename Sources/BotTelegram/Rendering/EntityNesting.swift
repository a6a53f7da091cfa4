/// Makes entities legal for Telegram ("Formatting options", Bot API): code holds no other entity and lies in none but
/// quotes; one kind does not overlap itself.
enum EntityNesting {
    static func legal(_ entities: [MessageEntity]) -> [MessageEntity] {
        // A link is worth more than the code in its label.
        let links = merged(entities.filter { $0.type == .link })
        let blocks = merged(entities.filter { $0.type == .pre })
        let code = (subtract(links, from: merged(entities.filter { $0.type == .code })) + blocks)
            .sorted { $0.offset < $1.offset }
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
