/// A hash of bytes that is the same wherever they lie, and that costs two loads for a short piece.
enum PieceHash {
    /// A longer piece: eight bytes at a time, then the rest as a key.
    static func hash(_ text: Span<UInt8>, _ range: Range<Int>) -> UInt64 {
        var place = range.lowerBound
        var hash: UInt64 = 0
        while range.upperBound - place > PieceKey.maxLength {
            let word = text.bytes.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self)
            hash = (hash ^ word) &* 0x9FB2_1C65_1E98_DF25
            hash ^= hash &>> 32
            place += 8
        }
        return PieceKey(text, place..<range.upperBound).hash ^ hash
    }
}
