/// As `PieceCache`, for pieces of sixteen to thirty bytes, which are the longer words of most scripts but Latin.
struct LongPieceCache: Sendable {
    /// The longest piece, in bytes.
    static var maxLength: Int { 2 * PieceKey.maxLength }
    /// 256 KB.
    private static var bits: UInt64 { 13 }
    /// The bits of the first key's length, which is always the same, hold the count.
    private static var bytesMask: UInt64 { (1 << 56) - 1 }

    private var slots = [SIMD4<UInt64>](repeating: .zero, count: 1 << Int(bits))

    @inline(__always)
    func count(of key: LongPieceKey) -> Int? {
        let slot = slots[Self.place(of: key.hash)]
        guard slot.x == key.first.low, slot.y & Self.bytesMask == key.first.high & Self.bytesMask,
            slot.z == key.second.low, slot.w == key.second.high
        else { return nil }
        return Int(truncatingIfNeeded: slot.y &>> 56)
    }

    /// - Parameter count: 30 at most, as a piece has no more tokens than bytes.
    @inline(__always)
    mutating func insert(_ count: Int, for key: LongPieceKey) {
        slots[Self.place(of: key.hash)] = SIMD4(
            key.first.low, key.first.high & Self.bytesMask | UInt64(count) &<< 56, key.second.low, key.second.high)
    }

    @inline(__always)
    private static func place(of hash: UInt64) -> Int { Int(truncatingIfNeeded: hash &>> (64 &- bits)) }
}
