/// Reads the bytes of a file as text.
enum TextFile {
    /// The text: UTF-8, or UTF-16 with a byte-order mark. Nil when it is neither, or holds what no text does.
    static func text(of bytes: [UInt8]) -> String? {
        let text =
            if bytes.starts(with: [0xFF, 0xFE]) {
                utf16(bytes.dropFirst(2)) { UInt16($0) | UInt16($1) << 8 }
            } else if bytes.starts(with: [0xFE, 0xFF]) {
                utf16(bytes.dropFirst(2)) { UInt16($0) << 8 | UInt16($1) }
            } else {
                String(validating: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...], as: UTF8.self)
            }
        // Texts hold no zero byte; the beginnings of many other files do, and are valid UTF-8.
        guard let text, !text.utf8.contains(0) else { return nil }
        return text
    }

    private static func utf16(_ bytes: ArraySlice<UInt8>, _ unit: (UInt8, UInt8) -> UInt16) -> String? {
        guard bytes.count.isMultiple(of: 2) else { return nil }
        let units = stride(from: bytes.startIndex, to: bytes.endIndex, by: 2).map { unit(bytes[$0], bytes[$0 + 1]) }
        return String(validating: units, as: UTF16.self)
    }
}
