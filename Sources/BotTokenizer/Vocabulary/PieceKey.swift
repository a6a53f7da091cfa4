/// Up to fifteen bytes and their number in two words: two keys are equal when their bytes are.
struct PieceKey: Equatable {
    /// The bytes that fit.
    static var maxLength: Int { 15 }

    let low: UInt64
    /// The bytes from the ninth on; the highest byte is their number.
    let high: UInt64

    @inline(__always)
    init(_ text: Span<UInt8>, _ range: Range<Int>) {
        let length = range.count
        var low: UInt64 = 0
        var high: UInt64 = 0
        if range.lowerBound + 16 <= text.count {
            // The loads are bounds-checked, and any eight bytes make an integer.
            low = text.bytes.unsafeLoadUnaligned(fromByteOffset: range.lowerBound, as: UInt64.self)
            if length < 8 {
                low &= (1 &<< UInt64(length &* 8)) &- 1
            } else {
                high = text.bytes.unsafeLoadUnaligned(fromByteOffset: range.lowerBound &+ 8, as: UInt64.self)
                high &= (1 &<< UInt64((length &- 8) &* 8)) &- 1
            }
        } else {
            for index in 0..<length {
                let byte = UInt64(text[range.lowerBound + index])
                if index < 8 { low |= byte << UInt64(index * 8) } else { high |= byte << UInt64(index * 8 - 64) }
            }
        }
        self.low = low
        self.high = high | UInt64(length) << 56
    }

    @inline(__always)
    var hash: UInt64 {
        var hash = (low &* 0x9E37_79B9_7F4A_7C15) ^ (high &* 0xC2B2_AE3D_27D4_EB4F)
        hash ^= hash &>> 32
        return hash &* 0x9FB2_1C65_1E98_DF25
    }
}
