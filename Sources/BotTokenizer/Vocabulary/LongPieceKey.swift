/// Sixteen to thirty bytes as two keys: the first fifteen, and the others.
struct LongPieceKey {
    let first: PieceKey
    let second: PieceKey
    let hash: UInt64

    @inline(__always)
    init(_ text: Span<UInt8>, _ range: Range<Int>) {
        let middle = range.lowerBound &+ PieceKey.maxLength
        first = PieceKey(text, range.lowerBound..<middle)
        second = PieceKey(text, middle..<range.upperBound)
        hash = (first.hash ^ second.hash &>> 29) &* 0x9E37_79B9_7F4A_7C15 ^ second.hash
    }
}
