import BotCore

/// Shows a piece of a stored text in an answer: on one line, cut, and without what could disturb the chat.
enum Excerpt {
    /// Scalars that one shown character may have: what people type has few, and what is longer piles marks up.
    private static let longestCharacter = 16

    /// The first words.
    static func beginning(of text: some StringProtocol, limit: Int = 60) -> String {
        line(of: text, limit: limit)
    }

    /// A text that a platform's Markdown leaves as it is.
    static func literal(_ text: String, on platform: Platform) -> String {
        // The terminal shows what is written.
        guard platform != .terminal else { return text }
        var literal = ""
        literal.reserveCapacity(text.utf8.count)
        for character in text {
            if #"\`*_~|[]<>"#.contains(character) { literal.append("\\") }
            literal.append(character)
        }
        return literal
    }

    // MARK: - Cutting

    private static func line(of text: some StringProtocol, limit: Int) -> String {
        var line = ""
        var count = 0
        var needsSpace = false
        for character in text {
            if character.isWhitespace {
                needsSpace = count > 0
                continue
            }
            let shown = cleaned(character)
            if shown.isEmpty { continue }
            if count + (needsSpace ? 2 : 1) > limit { return line + "…" }
            if needsSpace { line += " " }
            count += needsSpace ? 2 : 1
            needsSpace = false
            line += shown
        }
        return line
    }

    private static func cleaned(_ character: Character) -> String {
        if character.isASCII, character.asciiValue.map({ $0 >= 0x20 && $0 != 0x7F }) ?? false {
            return String(character)
        }
        var scalars = String.UnicodeScalarView()
        for scalar in character.unicodeScalars.prefix(longestCharacter) where isHarmless(scalar) {
            scalars.append(scalar)
        }
        return String(scalars)
    }

    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x202A...0x202E, 0x2066...0x2069, 0x200E, 0x200F, 0x061C, 0xFEFF: false  // bidirectional controls, BOM
        case 0xE0000...0xE007F: false  // invisible tag characters
        default: scalar.properties.generalCategory != .control
        }
    }
}
