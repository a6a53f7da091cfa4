/// Byte-pair encoding of one long piece in time that is linear in its length, whatever it holds.
///
/// It goes from left to right and takes the longest token that may stand beside the one before it, until a place has
/// no such token; then it goes back by one token and tries a shorter one there. A place that failed once fails always, so each place is
/// left behind once at most. The result is that of merging, since an encoding whose neighbours all may stand side by side is the only one
/// ("linear time byte-pair encoding" by backtracking, as published with the Rust crate bpe).
struct LongPieceEncoder: Sendable {
    private let vocabulary: Vocabulary
    private let tables: LongPieceTables

    init(_ vocabulary: Vocabulary) {
        self.vocabulary = vocabulary
        tables = vocabulary.longPieceTables
    }

    /// The tokens of the piece.
    func encode(_ text: Span<UInt8>, _ piece: Range<Int>) -> [Token] {
        var tokens: [Token] = []
        tokens.reserveCapacity(piece.count / 3)
        var failed = BitSet(count: piece.count + 1)
        var place = piece.lowerBound
        var token = tables.longest(text, piece, vocabulary)
        while true {
            if let stop = accept(token, at: place, piece, failed, &tokens) {
                if stop == piece.upperBound { return tokens }
                place = stop
                token = tables.longest(text, place..<piece.upperBound, vocabulary)
            } else if let before = tokens.popLast() {
                failed.insert(place - piece.lowerBound)
                place -= vocabulary.tokens.length(of: before)
                token = before
            } else {
                // Every text has an encoding, as each single byte is a token, so this is not reached. If it were, the bytes
                // themselves would be the count that is surely not too low.
                return piece.map { vocabulary.byteTokens[Int(text[$0])] }
            }
        }
    }

    /// Appends the longest token that is no longer than the one given and fits behind those before it; returns where it ends.
    @inline(__always)
    private func accept(
        _ longest: Token, at place: Int, _ piece: Range<Int>, _ failed: borrowing BitSet, _ tokens: inout [Token]
    ) -> Int? {
        var token = longest
        while token != .none {
            let stop = place + vocabulary.tokens.length(of: token)
            if !failed.contains(stop - piece.lowerBound),
                tokens.last.map({ tables.areNeighbours($0, token, vocabulary.pairs) }) ?? true
            {
                tokens.append(token)
                return stop
            }
            token = tables.nextShorter(token)
        }
        return nil
    }
}

/// A set of small numbers.
private struct BitSet: ~Copyable {
    private var words: [UInt64]

    init(count: Int) { words = Array(repeating: 0, count: (count + 63) / 64) }

    func contains(_ number: Int) -> Bool { words[number >> 6] & (1 << UInt64(number & 63)) != 0 }

    mutating func insert(_ number: Int) { words[number >> 6] |= 1 << UInt64(number & 63) }
}
