/// The characters that HTML gives names, as far as models write them.
enum CharacterReference {
    /// The character for what stands between `&` and `;`; nil for none, and for one that shows nothing.
    static func scalar(_ name: String) -> Unicode.Scalar? {
        if let named = names[name] { return named }
        guard name.first == "#" else { return nil }
        let digits = name.dropFirst()
        let isHexadecimal = digits.first == "x" || digits.first == "X"
        guard let value = isHexadecimal ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits, radix: 10),
            let scalar = Unicode.Scalar(value), !TextCleaner.cleaned(String(scalar)).isEmpty,
            !scalar.properties.isWhitespace, !scalar.properties.isDefaultIgnorableCodePoint
        else { return nil }
        return scalar
    }

    private static let names: [String: Unicode.Scalar] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": "\u{A0}", "ndash": "–", "mdash": "—",
        "hellip": "…", "bull": "•", "middot": "·", "copy": "©", "reg": "®", "trade": "™", "deg": "°", "plusmn": "±",
        "times": "×", "divide": "÷", "le": "≤", "ge": "≥", "ne": "≠", "asymp": "≈", "infin": "∞", "larr": "←",
        "rarr": "→", "uarr": "↑", "darr": "↓", "harr": "↔", "euro": "€", "pound": "£", "yen": "¥", "cent": "¢",
        "sect": "§", "para": "¶", "laquo": "«", "raquo": "»", "ldquo": "“", "rdquo": "”", "lsquo": "‘", "rsquo": "’",
        "frac12": "½", "frac14": "¼", "frac34": "¾", "sup2": "²", "sup3": "³", "micro": "µ", "alpha": "α",
        "beta": "β", "pi": "π",
    ]
}

/// Raised and lowered text: by the digits that Unicode has for it, else with a sign before it.
enum SmallDigits {
    static func raised(_ text: String) -> String { small(text, raised) ?? "^\(text)" }
    // An underscore would be a sign of markup.
    static func lowered(_ text: String) -> String { small(text, lowered) ?? "\\_\(text)" }

    private static func small(_ text: String, _ table: [Character: Character]) -> String? {
        let shown = text.compactMap { table[$0] }
        return shown.count == text.count ? String(shown) : nil
    }

    private static let raised = table("0123456789+-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ")
    private static let lowered = table("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")

    private static func table(_ plain: String, _ small: String) -> [Character: Character] {
        Dictionary(uniqueKeysWithValues: zip(plain, small))
    }
}
