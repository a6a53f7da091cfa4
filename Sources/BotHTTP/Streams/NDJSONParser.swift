/// Splits a stream into lines, one JSON value each, however the bytes are cut. Lines end in LF or CRLF; blank ones are skipped.
package struct NDJSONParser: Sendable {
    private let maxLineBytes: Int
    private var line: [UInt8] = []

    /// Creates a parser.
    ///
    /// - Parameter maxLineBytes: the most bytes of one line, its end not counted.
    package init(maxLineBytes: Int = 1 << 20) {
        self.maxLineBytes = maxLineBytes
    }

    /// Takes the next bytes and returns the lines that are whole now, without their ends.
    ///
    /// - Throws: `StreamFormatError.lineTooLong`; the parser is of no use after it.
    package mutating func feed(_ bytes: [UInt8]) throws(StreamFormatError) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        var rest = bytes[...]
        while let end = rest.firstIndex(of: 0x0A) {
            line += rest[..<end]
            rest = rest[(end + 1)...]
            if let whole = try takeLine() { lines.append(whole) }
        }
        line += rest
        // One more for a carriage return that may belong to the line's end.
        guard line.count <= maxLineBytes + 1 else { throw .lineTooLong(limit: maxLineBytes) }
        return lines
    }

    /// Takes the end of the stream and returns the last line if nothing ended it.
    ///
    /// - Throws: `StreamFormatError.lineTooLong`.
    package mutating func finish() throws(StreamFormatError) -> [[UInt8]] {
        try takeLine().map { [$0] } ?? []
    }

    private mutating func takeLine() throws(StreamFormatError) -> [UInt8]? {
        if line.last == 0x0D { line.removeLast() }
        guard line.count <= maxLineBytes else { throw .lineTooLong(limit: maxLineBytes) }
        defer { line = [] }
        return line.allSatisfy { $0 == 0x20 || $0 == 0x09 } ? nil : line
    }
}
