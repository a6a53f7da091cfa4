/// How many entities Telegram makes of those that it is given: TDLib cuts emphasis wherever another entity begins or ends
/// in it (`fix_entities`), and the limit of a message counts the pieces.
enum EntityPieces {
    /// The UTF-16 ranges of the pieces, by where they begin; at least as many as Telegram makes.
    static func ranges(of entities: [MessageEntity]) -> [Range<Int>] {
        let edges = Set(entities.flatMap { [$0.offset, $0.end] }).sorted()
        var pieces: [Range<Int>] = []
        for entity in entities {
            guard entity.isSplittable else {
                pieces.append(entity.offset..<entity.end)
                continue
            }
            var start = entity.offset
            var next = edges.partitioningIndex { $0 > start }
            while next < edges.endIndex, edges[next] < entity.end {
                pieces.append(start..<edges[next])
                start = edges[next]
                next += 1
            }
            pieces.append(start..<entity.end)
        }
        return pieces.sorted { $0.lowerBound < $1.lowerBound }
    }
}

extension MessageEntity {
    fileprivate var isSplittable: Bool {
        switch type {
        case .bold, .italic, .underline, .strikethrough, .spoiler: true
        case .code, .pre, .blockquote, .link: false
        }
    }
}

extension [Int] {
    /// The first index whose element fulfils what all behind it fulfil too.
    fileprivate func partitioningIndex(where belongsBehind: (Int) -> Bool) -> Int {
        var low = startIndex
        var high = endIndex
        while low < high {
            let middle = low + (high - low) / 2
            if belongsBehind(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
