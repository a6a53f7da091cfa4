/// All tokens by their bytes, one step for each byte: a hash table of edges with open addressing.
///
/// The node of a token has the token's number; the others are numbered behind them.
struct TokenTrie: Sendable {
    private static var empty: UInt64 { .max }

    /// Above the lowest 20 bits of a slot are the node where an edge begins and its byte; these are where it ends.
    private var slots: [UInt64]
    private let shift: UInt64
    private let tokenCount: Token

    private init(capacity: Int, tokenCount: Int) {
        let bits = TableSize.bits(for: capacity)
        slots = Array(repeating: Self.empty, count: 1 << bits)
        shift = UInt64(64 - bits)
        self.tokenCount = Token(tokenCount)
    }

    /// Makes the trie, and with it the longest shorter token that each token begins with.
    ///
    /// Tokens enter it by length: whatever a token begins with is there before it, so that a node that is made on the way is no token's.
    static func make(_ tokens: TokenBytes, _ halves: [SIMD2<Token>]) -> (trie: Self, shorter: [Token]) {
        // Both vocabularies have 2.1 to 2.2 nodes for each token.
        var trie = Self(capacity: tokens.count * 13 / 6, tokenCount: tokens.count)
        var shorter = [Token](repeating: .none, count: tokens.count)
        var nodes = Token(tokens.count)
        for token in tokens.byLength where tokens.length(of: token) > 1 {
            let range = tokens.range(of: token)
            // The left half is a token that this one begins with.
            var node = halves[Int(token)].x
            var longest = node
            for place in range.lowerBound + tokens.length(of: node)..<range.upperBound - 1 {
                var next = trie.step(from: node, tokens.bytes[place])
                if next == .none {
                    next = nodes
                    nodes += 1
                    trie.insert(next, from: node, tokens.bytes[place])
                }
                node = next
                if node < tokens.count { longest = node }
            }
            trie.insert(token, from: node, tokens.bytes[range.upperBound - 1])
            shorter[Int(token)] = longest
        }
        return (trie, shorter)
    }

    /// The longest token that the piece begins with, given the token of its first byte.
    @inline(__always)
    func longest(_ text: Span<UInt8>, _ piece: Range<Int>, from first: Token) -> Token {
        var node = first
        var longest = first
        var place = piece.lowerBound + 1
        while place < piece.upperBound {
            node = step(from: node, text[place])
            if node == .none { break }
            if node < tokenCount { longest = node }
            place &+= 1
        }
        return longest
    }

    @inline(__always)
    private func step(from node: Token, _ byte: UInt8) -> Token {
        let key = UInt64(node) &<< 8 | UInt64(byte)
        var slot = place(of: key)
        while true {
            let found = slots[slot]
            if found &>> 20 == key { return Token(truncatingIfNeeded: found & 0xFFFFF) }
            if found == Self.empty { return .none }
            slot = (slot + 1) & (slots.count - 1)
        }
    }

    private mutating func insert(_ target: Token, from node: Token, _ byte: UInt8) {
        let key = UInt64(node) << 8 | UInt64(byte)
        var slot = place(of: key)
        while slots[slot] != Self.empty { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = key << 20 | UInt64(target)
    }

    @inline(__always)
    private func place(of key: UInt64) -> Int {
        Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) &>> shift)
    }
}

extension TokenBytes {
    /// All tokens, the shortest first: sorted by counting.
    fileprivate var byLength: [Token] {
        var starts = [Int](repeating: 0, count: 258)
        for token in 0..<Token(count) { starts[min(length(of: token), 256) + 1] += 1 }
        for length in 1..<starts.count { starts[length] += starts[length - 1] }
        var sorted = [Token](repeating: 0, count: count)
        for token in 0..<Token(count) {
            let length = min(length(of: token), 256)
            sorted[starts[length]] = token
            starts[length] += 1
        }
        return sorted
    }
}
