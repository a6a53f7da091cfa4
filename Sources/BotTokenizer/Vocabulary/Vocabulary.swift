/// A token's number, which is also its rank: of two merges the one with the lower result comes first.
typealias Token = UInt32

extension Token {
    /// No token.
    static var none: Token { .max }
}

/// The tables of one vocabulary: which tokens there are, and which two are merged into which.
final class Vocabulary: Sendable {
    /// The bytes of all tokens.
    let tokens: TokenBytes
    /// The token of each byte.
    let byteTokens: [Token]
    /// The token of each pair of bytes, by first byte times 256 plus second; `.none` where they are not merged.
    let bytePairs: [Token]
    /// What each pair of tokens is merged into.
    let pairs: PairTable
    /// The tokens by their bytes.
    let whole: TokenTable
    /// Cuts texts into pieces.
    let splitter: PieceSplitter

    /// Unpacks the vocabulary.
    init(_ encoding: BytePairEncoding) {
        splitter = PieceSplitter(encoding)
        let list = MergeList(encoding)
        tokens = TokenBytes(list)
        var byteTokens = [Token](repeating: .none, count: 256)
        for token in 0..<256 { byteTokens[Int(list.byte(of: token))] = Token(token) }
        var bytePairs = [Token](repeating: .none, count: 1 << 16)
        var pairs = PairTable(capacity: list.count)
        for token in 256..<list.count {
            let (left, right) = list.halves(of: token)
            pairs.insert(Token(token), left: left, right: right)
            if left < 256, right < 256 {
                bytePairs[Int(list.byte(of: Int(left))) << 8 | Int(list.byte(of: Int(right)))] = Token(token)
            }
        }
        self.byteTokens = byteTokens
        self.bytePairs = bytePairs
        self.pairs = pairs
        whole = TokenTable(tokens)
    }
}
