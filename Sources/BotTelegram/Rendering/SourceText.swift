// What the scanners ask of a source by positions.
extension [Unicode.Scalar] {
    func isBlank(_ range: Range<Int>) -> Bool { self[range].allSatisfy(\.isSpace) }

    /// The range without white space at both ends.
    func trimmed(_ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        while start < range.upperBound, self[start].isSpace { start += 1 }
        var end = range.upperBound
        while end > start, self[end - 1].isSpace { end -= 1 }
        return start..<end
    }

    /// How many of one scalar follow each other from a position on.
    func runLength(from start: Int, to limit: Int) -> Int {
        var end = start
        while end < limit, self[end] == self[start] { end += 1 }
        return end - start
    }

    /// Whether a text stands at a position, in full before the limit.
    func matches(_ text: StaticString, at start: Int, before limit: Int) -> Bool {
        guard start >= 0, limit - start >= text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { bytes in
            bytes.indices.allSatisfy { self[start + $0].value == UInt32(bytes[$0]) }
        }
    }

    func string(_ range: Range<Int>) -> String { String(String.UnicodeScalarView(self[range])) }
}
