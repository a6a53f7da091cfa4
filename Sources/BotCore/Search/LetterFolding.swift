/// What a scalar beyond ASCII is for the search, with case, width and diacritics folded away.
///
/// Tables stand for what is common; for the rest Unicode's properties are asked.
enum LetterFolding {
    enum Folded: Equatable {
        /// One or two letters; the second is 0 when there is one.
        case lower(UInt32, UInt32)
        case upper(UInt32, UInt32)
        /// Goes on as this byte: wide forms, digits of other scripts, typographic apostrophes and hyphens.
        case ascii(UInt8)
        /// A letter of a script that is written without spaces, or Korean.
        case unspaced(UInt32)
        /// An emoji.
        case symbol
        /// Has no meaning for the search and does not part words: diacritics, joiners, variation selectors, skin tones.
        case nothing
        case separator
    }

    static func fold(_ scalar: UInt32) -> Folded {
        switch scalar {
        case 0xC0...0x17F: latin(scalar)
        case 0x300...0x36F: .nothing
        case 0x370...0x3FF: greek(scalar)
        case 0x400...0x40F: .upper(scalar == 0x401 ? 0x435 : scalar + 0x50, 0)
        case 0x410...0x42F: .upper(scalar + 0x20, 0)
        case 0x430...0x45F: .lower(scalar == 0x451 ? 0x435 : scalar, 0)
        case 0x1EA0...0x1EF9: cased(baseOfVietnamese(scalar), isUpper: scalar.isMultiple(of: 2))
        case 0x2010, 0x2011: .ascii(0x2D)
        case 0x2018, 0x2019, 0x2BC: .ascii(0x27)
        case 0x1F3FB...0x1F3FF: .nothing
        case 0xFF01...0xFF5E: .ascii(UInt8(scalar - 0xFEE0))
        case 0xFF66...0xFF9D: .unspaced(wideKatakana(scalar))
        default: isUnspaced(scalar) ? .unspaced(scalar) : other(scalar)
        }
    }

    // MARK: - Scripts without spaces

    /// Whether pairs of characters are indexed: Han, kana, Hangul, Thai, Lao, Myanmar, Khmer.
    static func isUnspaced(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFF: true
        case 0x3005...0x3007, 0x3041...0x3096, 0x309D...0x309F, 0x30A1...0x30FA, 0x30FC...0x30FF, 0x31F0...0x31FF: true
        case 0xAC00...0xD7A3: true
        case 0x0E01...0x0E2E, 0x0E30, 0x0E32, 0x0E33, 0x0E40...0x0E46: true
        case 0x0E81...0x0EB0, 0x0EB2, 0x0EB3, 0x0EC0...0x0EC6, 0x0EDC...0x0EDF: true
        case 0x1000...0x102A, 0x1050...0x1055, 0x1780...0x17B3: true
        // Vowels and tones of Thai and Lao, Myanmar, Khmer: see `mark`.
        case 0xE500...0xE5FF, 0xE700...0xE79F, 0xEE80...0xEEFF: true
        default: false
        }
    }

    /// Halfwidth katakana in the order of their code points, from U+FF66 to U+FF9D.
    private static let katakana = Array(
        "ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン".unicodeScalars
    ).map(\.value)

    private static func wideKatakana(_ scalar: UInt32) -> UInt32 { katakana[Int(scalar - 0xFF66)] }

    /// Whether a mark after it can change a scalar: kana with voice marks, Hangul that is written letter by letter.
    static func canCompose(_ scalar: UInt32) -> Bool {
        0x3041...0x30FF ~= scalar || 0xFF66...0xFF9D ~= scalar || 0x1100...0x1112 ~= scalar || 0xAC00...0xD7A3 ~= scalar
    }

    /// The one scalar that two stand for; nil when they do not belong together.
    static func composed(_ scalar: UInt32, _ mark: UInt32) -> UInt32? {
        switch mark {
        case 0x3099, 0xFF9E: voiced(scalar, by: 1)
        case 0x309A, 0xFF9F: voiced(scalar, by: 2)
        case 0x1161...0x1175 where 0x1100...0x1112 ~= scalar:
            0xAC00 + (scalar - 0x1100) * 588 + (mark - 0x1161) * 28
        case 0x11A8...0x11C2 where 0xAC00...0xD7A3 ~= scalar && (scalar - 0xAC00).isMultiple(of: 28):
            scalar + (mark - 0x11A7)
        default: nil
        }
    }

    private static func voiced(_ scalar: UInt32, by step: UInt32) -> UInt32? {
        let wide = 0xFF66...0xFF9D ~= scalar ? wideKatakana(scalar) : scalar
        guard 0x3041...0x30FF ~= wide else { return nil }
        let kana = wide >= 0x30A1 ? wide - 0x60 : wide
        switch kana {
        case 0x3046 where step == 1: return wide + 0x4E
        // か to ぢ lie in pairs, つ to ど too but shifted by the small っ; は to ぽ in threes.
        case 0x304B...0x3061 where step == 1 && !kana.isMultiple(of: 2): return wide + 1
        case 0x3064...0x3068 where step == 1 && kana.isMultiple(of: 2): return wide + 1
        case 0x306F...0x307B where (kana - 0x306F).isMultiple(of: 3): return wide + step
        default: return nil
        }
    }

    // MARK: - Letters with diacritics

    private static func cased(_ base: UInt8, isUpper: Bool) -> Folded {
        isUpper ? .upper(UInt32(base), 0) : .lower(UInt32(base), 0)
    }

    /// The base letters of U+00C0 to U+017F in runs; a dot stands for what has two letters or none.
    private static let latinBases: [UInt8] = {
        let first = "aaaaaa.ceeeeiiiidnooooo.ouuuuy..aaaaaa.ceeeeiiiidnooooo.ouuuuy.y"
        let runs: [(Character, Int)] = [
            ("a", 6), ("c", 8), ("d", 4), ("e", 10), ("g", 8), ("h", 4), ("i", 10), (".", 2), ("j", 2), ("k", 3),
            ("l", 10),
            ("n", 9), ("o", 6), (".", 2), ("r", 6), ("s", 8), ("t", 6), ("u", 12), ("w", 2), ("y", 3), ("z", 6),
            ("s", 1),
        ]
        return Array((first + runs.map { String(repeating: $0.0, count: $0.1) }.joined()).utf8)
    }()

    private static func latin(_ scalar: UInt32) -> Folded {
        switch scalar {
        case 0xC6: return .upper(0x61, 0x65)
        case 0xE6: return .lower(0x61, 0x65)
        case 0xDE: return .upper(0x74, 0x68)
        case 0xFE: return .lower(0x74, 0x68)
        case 0xDF: return .lower(0x73, 0x73)
        case 0x132: return .upper(0x69, 0x6A)
        case 0x133: return .lower(0x69, 0x6A)
        case 0x152: return .upper(0x6F, 0x65)
        case 0x153: return .lower(0x6F, 0x65)
        case 0xD7, 0xF7: return .separator
        default: break
        }
        let isUpper: Bool =
            switch scalar {
            case 0xC0...0xDE: true
            case 0xDF...0xFF, 0x138, 0x149, 0x17F: false
            case 0x139...0x148, 0x179...0x17E: !scalar.isMultiple(of: 2)
            case 0x178: true
            default: scalar.isMultiple(of: 2)
            }
        return cased(latinBases[Int(scalar - 0xC0)], isUpper: isUpper)
    }

    private static func baseOfVietnamese(_ scalar: UInt32) -> UInt8 {
        switch scalar {
        case ...0x1EB7: UInt8(ascii: "a")
        case ...0x1EC7: UInt8(ascii: "e")
        case ...0x1ECB: UInt8(ascii: "i")
        case ...0x1EE3: UInt8(ascii: "o")
        case ...0x1EF1: UInt8(ascii: "u")
        default: UInt8(ascii: "y")
        }
    }

    private static func greek(_ scalar: UInt32) -> Folded {
        switch scalar {
        case 0x391...0x3A9: .upper(scalar + 0x20, 0)
        case 0x386: .upper(0x3B1, 0)
        case 0x388: .upper(0x3B5, 0)
        case 0x389: .upper(0x3B7, 0)
        case 0x38A, 0x3AA: .upper(0x3B9, 0)
        case 0x38C: .upper(0x3BF, 0)
        case 0x38E, 0x3AB: .upper(0x3C5, 0)
        case 0x38F: .upper(0x3C9, 0)
        case 0x3AC: .lower(0x3B1, 0)
        case 0x3AD: .lower(0x3B5, 0)
        case 0x3AE: .lower(0x3B7, 0)
        case 0x390, 0x3AF, 0x3CA: .lower(0x3B9, 0)
        case 0x3CC: .lower(0x3BF, 0)
        case 0x3B0, 0x3CB, 0x3CD: .lower(0x3C5, 0)
        case 0x3CE: .lower(0x3C9, 0)
        case 0x3C2: .lower(0x3C3, 0)
        case 0x3B1...0x3C9: .lower(scalar, 0)
        default: other(scalar)
        }
    }

    // MARK: - The rest

    private static func other(_ value: UInt32) -> Folded {
        guard let scalar = Unicode.Scalar(value) else { return .separator }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .titlecaseLetter:
            let lower = scalar.properties.lowercaseMapping.unicodeScalars.first?.value ?? value
            return .upper(base(lower), 0)
        case .lowercaseLetter, .modifierLetter, .otherLetter:
            return value == 0x640 ? .nothing : .lower(base(value), 0)
        case .decimalNumber, .letterNumber, .otherNumber:
            guard let number = scalar.properties.numericValue.flatMap(UInt8.init(exactly:)), number <= 9 else {
                return .lower(value, 0)
            }
            return .ascii(0x30 + number)
        case .nonspacingMark, .spacingMark: return mark(value)
        case .enclosingMark, .format: return .nothing
        case .privateUse: return .lower(value, 0)  // what `mark` makes, folded again
        default:
            return scalar.properties.isEmoji ? .symbol : .separator
        }
    }

    /// Vowels and tones of the scripts of India and South-East Asia are marks, which an index of letters would part words at. They
    /// are moved to private code points, which count as letters. Marks of other scripts, as the points of Arabic and Hebrew, go.
    private static func mark(_ value: UInt32) -> Folded {
        guard 0x900...0x17FF ~= value else { return .nothing }
        let moved = value - 0x900 + 0xE000
        return isUnspaced(moved) ? .unspaced(moved) : .lower(moved, 0)
    }

    /// Letters that people often write as another.
    private static func base(_ value: UInt32) -> UInt32 {
        switch value {
        case 0x1A1, 0x1D2: 0x6F
        case 0x1B0, 0x1D4, 0x1D6, 0x1D8, 0x1DA, 0x1DC: 0x75
        case 0x1CE: 0x61
        case 0x1D0: 0x69
        case 0x219: 0x73
        case 0x21B: 0x74
        case 0x622, 0x623, 0x625, 0x671: 0x627
        case 0x649: 0x64A
        case 0x629: 0x647
        default: value
        }
    }
}
