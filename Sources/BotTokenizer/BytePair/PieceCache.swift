/// The counts of short pieces that were seen lately: a text says most of its words more than once.
///
/// Each piece has one place, and the newest one has it: no search, no order of use to keep. The whole piece is compared, so that no other
/// one is ever taken for it.
struct PieceCache: Sendable {
    /// 512 KB.
    private static var bits: UInt64 { 15 }
    /// The bits of the key's second word that hold the count; the length above them leaves them free.
    private static var countMask: UInt64 { 0xF << 60 }

    /// A place that is free holds a piece of no length, which no piece is.
    private var slots = [SIMD2<UInt64>](repeating: .zero, count: 1 << Int(bits))

    @inline(__always)
    func count(of key: PieceKey, hash: UInt64) -> Int? {
        let slot = slots[Self.place(of: hash)]
        guard slot.x == key.low, slot.y & ~Self.countMask == key.high else { return nil }
        return Int(truncatingIfNeeded: slot.y &>> 60)
    }

    /// - Parameter count: 15 at most, as a piece has no more tokens than bytes.
    @inline(__always)
    mutating func insert(_ count: Int, for key: PieceKey, hash: UInt64) {
        slots[Self.place(of: hash)] = SIMD2(key.low, key.high | UInt64(count) &<< 60)
    }

    @inline(__always)
    private static func place(of hash: UInt64) -> Int { Int(truncatingIfNeeded: hash &>> (64 &- bits)) }
}
