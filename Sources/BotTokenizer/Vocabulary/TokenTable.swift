/// The tokens by their bytes: a hash table with open addressing.
///
/// A slot is one 32-bit word, 18 bits of it the token and the rest a part of its hash; the bytes themselves have the last say.
struct TokenTable: Sendable {
    private var slots: [UInt32]
    private let shift: UInt64

    private static var empty: UInt32 { .max }

    init(_ tokens: TokenBytes) {
        let bits = TableSize.bits(for: tokens.count)
        slots = Array(repeating: Self.empty, count: 1 << bits)
        shift = UInt64(64 - bits)
        let bytes = tokens.bytes.span
        for token in 0..<Token(tokens.count) {
            let hash = PieceHash.hash(bytes, tokens.range(of: token))
            var slot = Int(truncatingIfNeeded: hash &>> shift)
            while slots[slot] != Self.empty { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = Self.tag(hash) | token
        }
    }

    /// The token of these very bytes, or `.none`.
    @inline(__always)
    func token(_ text: Span<UInt8>, _ range: Range<Int>, hash: UInt64, in tokens: TokenBytes) -> Token {
        let tag = Self.tag(hash)
        var slot = Int(truncatingIfNeeded: hash &>> shift)
        while true {
            let found = slots[slot]
            if found == Self.empty { return .none }
            if found & ~0x3FFFF == tag {
                let token = found & 0x3FFFF
                if Self.equal(text, range, tokens.bytes.span, tokens.range(of: token)) { return token }
            }
            slot = (slot + 1) & (slots.count - 1)
        }
    }

    /// The lowest bits of the hash, which have no part in the place.
    private static func tag(_ hash: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: hash) & ~0x3FFFF }

    @inline(__always)
    private static func equal(_ text: Span<UInt8>, _ range: Range<Int>, _ other: Span<UInt8>, _ place: Range<Int>)
        -> Bool
    {
        guard range.count == place.count else { return false }
        var index = 0
        while index + 8 <= range.count {
            let mine = text.bytes.unsafeLoadUnaligned(fromByteOffset: range.lowerBound + index, as: UInt64.self)
            let its = other.bytes.unsafeLoadUnaligned(fromByteOffset: place.lowerBound + index, as: UInt64.self)
            if mine != its { return false }
            index += 8
        }
        while index < range.count {
            if text[range.lowerBound + index] != other[place.lowerBound + index] { return false }
            index += 1
        }
        return true
    }
}
