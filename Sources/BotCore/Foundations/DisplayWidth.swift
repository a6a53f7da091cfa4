/// How many columns a text takes in a monospaced font.
package enum DisplayWidth {
    /// The columns of a text on one line; letters of East Asia and emoji take two.
    package static func of(_ text: String) -> Int { text.reduce(0) { $0 + of($1) } }

    private static func of(_ character: Character) -> Int {
        guard let first = character.unicodeScalars.first else { return 0 }
        if first.isASCII { return 1 }
        if hasNoWidth(first) { return 0 }
        let isEmoji =
            first.properties.isEmojiPresentation || character.unicodeScalars.dropFirst().contains { $0 == "\u{FE0F}" }
        return isEmoji || isWide(first) ? 2 : 1
    }

    /// Marks without a letter, and what only steers how others are shown.
    private static func hasNoWidth(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.properties.isDefaultIgnorableCodePoint { return true }
        return switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .control, .format: !scalar.properties.isWhitespace
        default: false
        }
    }

    /// East Asian letters that are as wide as two (Unicode, "East Asian Width": W and F, by blocks).
    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
            0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
            0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
            true
        default: false
        }
    }
}
