/// Byte-pair encoding of one long piece, in time that is as good as linear in its length, whatever it holds.
///
/// What a merge makes can only be merged again into a token of higher rank. So the ranks are gone through once, upwards, and for each one all
/// places are merged where it has come up until then: a queue with a bucket for each rank, in which nothing is ever sorted but places
/// where a token meets itself.
struct LongMerge: Sendable {
    /// A token of the piece, by the place of its first byte.
    private struct Node {
        var token: Token
        /// Where the token before it begins; `.none` for the first one.
        var previous: UInt32
        /// Where the token behind it begins, which is the end for the last one.
        var next: UInt32
        /// What it and the next one are merged into. Once it is part of another token it has none.
        var merged: Token
    }

    private var queue: RankQueue

    init(_ vocabulary: Vocabulary) {
        queue = RankQueue(ranks: vocabulary.tokens.count)
    }

    /// The tokens of the piece.
    mutating func run(_ text: Span<UInt8>, _ piece: Range<Int>, _ vocabulary: Vocabulary) -> [Token] {
        var nodes = nodes(text, piece, vocabulary)
        var places: [UInt32] = []
        while let rank = queue.takeLowest(into: &places) {
            for place in places where nodes[Int(place)].merged == rank {
                merge(place, into: rank, &nodes, vocabulary.pairs)
            }
        }
        var tokens: [Token] = []
        var place = 0
        while place < nodes.count {
            tokens.append(nodes[place].token)
            place = Int(nodes[place].next)
        }
        return tokens
    }

    /// The bytes of the piece as tokens, whose merges are queued.
    private mutating func nodes(_ text: Span<UInt8>, _ piece: Range<Int>, _ vocabulary: Vocabulary) -> [Node] {
        var nodes: [Node] = []
        nodes.reserveCapacity(piece.count)
        queue.reserve(piece.count)
        for index in 0..<piece.count {
            let byte = Int(text[piece.lowerBound + index])
            var merged = Token.none
            if index + 1 < piece.count {
                merged = vocabulary.bytePairs[byte << 8 | Int(text[piece.lowerBound + index + 1])]
                if merged != .none { queue.insert(UInt32(index), rank: merged) }
            }
            nodes.append(
                Node(
                    token: vocabulary.byteTokens[byte], previous: index == 0 ? .none : UInt32(index - 1),
                    next: UInt32(index + 1), merged: merged))
        }
        return nodes
    }

    /// Merges the token at the place with the next one, and queues what that makes possible.
    @inline(__always)
    private mutating func merge(_ place: UInt32, into token: Token, _ nodes: inout [Node], _ pairs: PairTable) {
        let right = nodes[Int(place)].next
        let next = nodes[Int(right)].next
        let previous = nodes[Int(place)].previous
        nodes[Int(right)].merged = .none
        nodes[Int(place)].token = token
        nodes[Int(place)].next = next
        var merged = Token.none
        if Int(next) < nodes.count {
            nodes[Int(next)].previous = place
            merged = pairs.token(token, nodes[Int(next)].token)
            if merged != .none { queue.insert(place, rank: merged) }
        }
        nodes[Int(place)].merged = merged
        guard previous != .none else { return }
        merged = pairs.token(nodes[Int(previous)].token, token)
        nodes[Int(previous)].merged = merged
        if merged != .none { queue.insert(previous, rank: merged) }
    }
}
