extension Unicode.Scalar {
    /// A letter or digit of ASCII.
    var isASCIIWord: Bool {
        switch self {
        case "a"..."z", "A"..."Z", "0"..."9": true
        default: false
        }
    }

    /// A letter or digit of any script, or an underscore.
    var isWord: Bool { isASCII ? isASCIIWord || self == "_" : properties.isAlphabetic || properties.numericType != nil }

    var isDigit: Bool { ("0"..."9").contains(self) }

    var isSpace: Bool { isASCII ? self == " " || self == "\t" || self == "\n" : properties.isWhitespace }

    /// Whether a reader sees it: neither space nor control nor one of the scalars that leave no mark.
    var isVisible: Bool {
        if isASCII { return value > 0x20 && value != 0x7F }
        switch value {
        case 0x2800, 0x3164, 0xFFA0, 0x115F, 0x1160, 0xFFFC: return false  // blank letters, and the place of an object
        default: break
        }
        if properties.isWhitespace || properties.isDefaultIgnorableCodePoint { return false }
        switch properties.generalCategory {
        case .control, .format, .surrogate, .unassigned: return false
        default: return true
        }
    }
}
