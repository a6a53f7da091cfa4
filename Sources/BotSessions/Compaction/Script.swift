/// The scripts that are told apart, to see that a summary is in the language of its chat.
enum Script: Hashable, CaseIterable {
    case latin, cyrillic, greek, arabic, hebrew, devanagari, thai, hangul, kana, han, other

    /// The script of a letter; nil for what is none.
    init?(_ scalar: Unicode.Scalar) {
        switch scalar.value {
        case 0x41...0x5A, 0x61...0x7A, 0xC0...0x24F, 0x1E00...0x1EFF: self = .latin
        case 0x370...0x3FF: self = .greek
        case 0x400...0x52F: self = .cyrillic
        case 0x590...0x5FF: self = .hebrew
        case 0x600...0x77F: self = .arabic
        case 0x900...0x97F: self = .devanagari
        case 0xE00...0xE7F: self = .thai
        case 0x1100...0x11FF, 0xAC00...0xD7AF: self = .hangul
        case 0x3040...0x30FF: self = .kana
        case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0x20000...0x3FFFF: self = .han
        default:
            guard scalar.value >= 0x80, scalar.properties.isAlphabetic else { return nil }
            self = .other
        }
    }
}

/// How the letters of texts are spread over the scripts, each letter weighed by about how much it says.
struct ScriptShares {
    private var weights: [Script: Double] = [:]
    private(set) var total = 0.0

    mutating func add(_ text: String) {
        for scalar in text.unicodeScalars {
            guard let script = Script(scalar) else { continue }
            let weight = script == .han || script == .hangul ? 3.0 : script == .kana ? 2.0 : 1.0
            weights[script, default: 0] += weight
            total += weight
        }
    }

    func share(of script: Script) -> Double { total > 0 ? (weights[script] ?? 0) / total : 0 }

    /// The script that most is written in; Japanese counts as kana, which no other language has.
    var main: Script? {
        if share(of: .kana) > 0.15 { return .kana }
        return weights.max { $0.value < $1.value }?.key
    }

    /// Whether the text is plainly in another language than these are. Too little text says nothing.
    func isForeign(_ text: ScriptShares) -> Bool {
        guard let main, total >= 40, text.total >= 20 else { return false }
        if main == .kana { return text.share(of: .kana) < 0.04 }
        // Where little is in the main script anyway (code, names), no other one is foreign.
        return share(of: main) >= 0.6 && text.share(of: main) < 0.3
    }
}
