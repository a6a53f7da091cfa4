/// Writes texts so that they can neither break out of their line nor change how a terminal shows it.
enum Escape {
    /// Plain text: only what would break the line or mislead the reader is escaped.
    static func append(_ text: String, to line: inout [UInt8]) {
        for scalar in text.unicodeScalars {
            if isUnsafe(scalar) {
                appendEscape(of: scalar, to: &line)
            } else {
                line.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            }
        }
    }

    /// A value: bare when it is one plain word, else in quotes.
    static func appendValue(_ text: String, to line: inout [UInt8]) {
        let isBare = !text.isEmpty && text.unicodeScalars.allSatisfy { !isUnsafe($0) && !needsQuotes($0) }
        if isBare { return line.append(contentsOf: text.utf8) }
        line.append(UInt8(ascii: "\""))
        for scalar in text.unicodeScalars {
            if scalar == "\"" || scalar == "\\" {
                line.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: scalar)])
            } else if isUnsafe(scalar) {
                appendEscape(of: scalar, to: &line)
            } else {
                line.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            }
        }
        line.append(UInt8(ascii: "\""))
    }

    /// A JSON string with its quotes.
    static func appendJSON(_ text: String, to line: inout [UInt8]) {
        line.append(UInt8(ascii: "\""))
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": line.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: scalar)])
            case "\n": line.append(contentsOf: "\\n".utf8)
            case _ where isUnsafe(scalar):
                for unit in UTF16.encode(scalar) ?? UTF16.encodedReplacementCharacter {
                    let digits = String(unit, radix: 16)
                    line.append(contentsOf: ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8)
                }
            default: line.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            }
        }
        line.append(UInt8(ascii: "\""))
    }

    private static func appendEscape(of scalar: Unicode.Scalar, to line: inout [UInt8]) {
        switch scalar {
        case "\n": line.append(contentsOf: "\\n".utf8)
        case "\r": line.append(contentsOf: "\\r".utf8)
        case "\t": line.append(contentsOf: "\\t".utf8)
        default: line.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".utf8)
        }
    }

    private static func needsQuotes(_ scalar: Unicode.Scalar) -> Bool {
        scalar == " " || scalar == "\"" || scalar == "\\" || scalar == "=" || scalar.properties.isWhitespace
    }

    /// Control characters, line separators, and what turns the direction of writing.
    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00...0x1F, 0x7F...0x9F: true
        case 0x2028, 0x2029, 0x200E, 0x200F, 0x061C, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF: true
        default: false
        }
    }
}
