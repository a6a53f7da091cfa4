/// Byte-pair encoding of one short piece as it is defined: of all neighbours that can be merged, those of the lowest rank are, the
/// leftmost first, until none can.
struct ShortMerge: Sendable {
    /// The tokens of the last piece, in front.
    private(set) var tokens: [Token]
    /// What each token and its right neighbour are merged into.
    private var merged: [Token]

    init(capacity: Int) {
        tokens = Array(repeating: 0, count: capacity)
        merged = Array(repeating: .none, count: capacity)
    }

    /// Leaves the tokens of the piece in `tokens`, and returns how many they are.
    mutating func run(_ text: Span<UInt8>, _ piece: Range<Int>, _ vocabulary: Vocabulary) -> Int {
        Self.run(text, piece, vocabulary, &tokens, &merged)
    }

    private static func run(
        _ text: Span<UInt8>, _ piece: Range<Int>, _ vocabulary: Vocabulary, _ tokenArray: inout [Token],
        _ mergedArray: inout [Token]
    ) -> Int {
        var tokens = tokenArray.mutableSpan
        var merged = mergedArray.mutableSpan
        let start = piece.lowerBound
        var count = piece.count
        for index in 0..<count { tokens[index] = vocabulary.byteTokens[Int(text[start + index])] }
        for index in 0..<count - 1 {
            merged[index] = vocabulary.bytePairs[Int(text[start + index]) << 8 | Int(text[start + index + 1])]
        }
        while count > 1 {
            var best = merged[0]
            var place = 0
            for index in 1..<max(1, count - 1) where merged[index] < best {
                best = merged[index]
                place = index
            }
            if best == .none { break }
            count -= 1
            tokens[place] = best
            if place > 0 { merged[place - 1] = vocabulary.pairs.token(tokens[place - 1], best) }
            for index in place + 1..<max(place + 1, count) {
                tokens[index] = tokens[index + 1]
                merged[index - 1] = merged[index]
            }
            if place + 1 < count { merged[place] = vocabulary.pairs.token(best, tokens[place + 1]) }
        }
        return count
    }
}
