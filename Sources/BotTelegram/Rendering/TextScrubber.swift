/// Takes from a text what Telegram refuses, or takes away itself, which would move the entities; so TDLib cleans what it
/// is given (`clean_input_string_with_entities`).
enum TextScrubber {
    /// The scalars without controls, without the bidirectional overrides and isolates, which can make a text look like
    /// another, and without the three marks that Telegram removes. Line ends become `\n`, tabs as many spaces as Markdown
    /// counts for them: Telegram would make each a single space and take the indentation from code.
    static func scalars(of text: String) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(text.utf8.count)
        var lineStart = 0
        var afterReturn = false
        for scalar in text.unicodeScalars {
            defer { afterReturn = scalar == "\r" }
            switch scalar {
            case "\n" where afterReturn: break
            case "\n", "\r", "\u{2028}", "\u{2029}":
                result.append("\n")
                lineStart = result.count
            case "\t": result += repeatElement(" ", count: 4 - (result.count - lineStart) % 4)
            case "\u{30A}":
                if let last = result.last, let composed = ringed[last] { result[result.count - 1] = composed }
            default: if isSendable(scalar) { result.append(scalar) }
            }
        }
        return result
    }

    /// Whether Telegram takes a scalar as it is; false for tabs and line ends too, apart from `\n`.
    static func isSendable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0A: true
        case 0x00...0x1F, 0x7F...0x9F: false
        case 0x2028...0x202E, 0x2066...0x2069: false
        // The double low line, the double overline and the ring above.
        case 0x333, 0x33F, 0x30A: false
        default: true
        }
    }

    /// Letters that Unicode has with the ring above, which by itself would be lost.
    private static let ringed: [Unicode.Scalar: Unicode.Scalar] = [
        "A": "\u{C5}", "a": "\u{E5}", "U": "\u{16E}", "u": "\u{16F}", "w": "\u{1E98}", "y": "\u{1E99}",
    ]
}
