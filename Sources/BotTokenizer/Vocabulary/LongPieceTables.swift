/// What it takes to encode a piece from left to right in linear time: the halves of each token, its longest proper beginning that is a token too,
/// and a trie of all tokens.
struct LongPieceTables: Sendable {
    /// What each token is merged from last; a single byte is its own halves.
    private let halves: [SIMD2<Token>]
    /// The longest shorter token that each token begins with; `.none` for a single byte.
    private let shorter: [Token]
    private let trie: TokenTrie

    init(_ list: MergeList, _ tokens: TokenBytes) {
        var halves = (0..<Token(256)).map { SIMD2($0, $0) }
        halves.reserveCapacity(list.count)
        for token in 256..<list.count {
            let (left, right) = list.halves(of: token)
            halves.append(SIMD2(left, right))
        }
        self.halves = halves
        (trie, shorter) = TokenTrie.make(tokens, halves)
    }

    /// The longest token that the piece begins with.
    @inline(__always)
    func longest(_ text: Span<UInt8>, _ piece: Range<Int>, _ vocabulary: Vocabulary) -> Token {
        trie.longest(text, piece, from: vocabulary.byteTokens[Int(text[piece.lowerBound])])
    }

    @inline(__always)
    func nextShorter(_ token: Token) -> Token { shorter[Int(token)] }

    /// Whether byte-pair encoding leaves these two side by side when it encodes their bytes: then no merge across their boundary comes
    /// before one of those that made them what they are.
    ///
    /// The merges of both are undone, the latest first, and what meets at the boundary is looked up each time. A merge across it counts
    /// if it would have come earlier than the merge undone last; on a tie the left one comes first.
    func areNeighbours(_ left: Token, _ right: Token, _ pairs: PairTable) -> Bool {
        var (left, right) = (left, right)
        var limit = Token.max
        while true {
            if pairs.token(left, right) < limit { return false }
            // The larger one was merged later. If it is a single byte both are, and nothing is left to undo.
            if max(left, right) < 256 { return true }
            if left > right {
                limit = left
                left = halves[Int(left)].y
            } else {
                limit = right + 1
                right = halves[Int(right)].x
            }
        }
    }
}
