/// The bytes of all tokens, one after another.
struct TokenBytes: Sendable {
    let bytes: [UInt8]
    /// Where each token begins, and where the last one ends.
    let offsets: [UInt32]

    init(_ list: MergeList) {
        var offsets: [UInt32] = []
        offsets.reserveCapacity(list.count + 1)
        offsets.append(contentsOf: 0...256)
        for token in 256..<list.count {
            let (left, right) = list.halves(of: token)
            let length =
                offsets[Int(left) + 1] - offsets[Int(left)] + offsets[Int(right) + 1] - offsets[Int(right)]
            offsets.append(offsets[token] + length)
        }
        self.offsets = offsets
        bytes = Array(unsafeUninitializedCapacity: Int(offsets[list.count])) { buffer, initialized in
            // Each token is appended to what is there, out of what is there: never read before it was written.
            for token in 0..<256 { buffer[token] = list.byte(of: token) }
            initialized = 256
            for token in 256..<list.count {
                let (left, right) = list.halves(of: token)
                for half in [left, right] {
                    for place in offsets[Int(half)]..<offsets[Int(half) + 1] {
                        buffer[initialized] = buffer[Int(place)]
                        initialized += 1
                    }
                }
            }
        }
    }

    var count: Int { offsets.count - 1 }

    func length(of token: Token) -> Int { Int(offsets[Int(token) + 1] - offsets[Int(token)]) }

    /// The places of the token's bytes.
    func range(of token: Token) -> Range<Int> { Int(offsets[Int(token)])..<Int(offsets[Int(token) + 1]) }
}
