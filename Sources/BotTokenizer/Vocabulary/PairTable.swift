/// What each pair of neighbours is merged into: a hash table with open addressing.
///
/// A token takes 18 bits, so that a slot holds both neighbours and the result in one word.
struct PairTable: Sendable {
    private static var empty: UInt64 { .max }

    private var slots: [UInt64]
    private let shift: UInt64

    /// Creates an empty table that has room for so many pairs.
    init(capacity: Int) {
        let bits = TableSize.bits(for: capacity)
        slots = Array(repeating: Self.empty, count: 1 << bits)
        shift = UInt64(64 - bits)
    }

    mutating func insert(_ token: Token, left: Token, right: Token) {
        let key = Self.key(left, right)
        var slot = place(of: key)
        while slots[slot] != Self.empty { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = key << 18 | UInt64(token)
    }

    /// The token that the two are merged into, or `.none`.
    @inline(__always)
    func token(_ left: Token, _ right: Token) -> Token {
        let key = Self.key(left, right)
        var slot = place(of: key)
        while true {
            let found = slots[slot]
            if found >> 18 == key { return Token(truncatingIfNeeded: found & 0x3FFFF) }
            if found == Self.empty { return .none }
            slot = (slot + 1) & (slots.count - 1)
        }
    }

    private static func key(_ left: Token, _ right: Token) -> UInt64 { UInt64(left) << 18 | UInt64(right) }

    @inline(__always)
    private func place(of key: UInt64) -> Int {
        // Fibonacci hashing: an odd number near 2^64 divided by the golden ratio, of whose product the high bits are taken.
        Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) &>> shift)
    }
}
