import BotCore

/// What a text holds that a line of a summary can be checked against: its words and numbers, each in one spelling.
struct SummaryEvidence: Sendable {
    /// One word as it was written.
    struct Word {
        let text: Substring
        /// What a sentence or a line begins with.
        let isFirst: Bool
    }

    let words: Set<String>
    let numbers: Set<String>
    /// Pairs of neighbouring letters of scripts that put no spaces between words.
    let pairs: Set<String>

    init(of text: String) {
        let plain = Self.folded(text)
        words = Set(Self.words(of: plain).map { String($0.text) })
        numbers = Self.numbers(of: plain)
        pairs = Self.pairs(of: plain)
    }

    /// Whether the word, or one that begins as it does, is there: as `Annas` for `Anna`.
    func has(_ word: some StringProtocol) -> Bool {
        let folded = Self.folded(String(word))
        if words.contains(folded) { return true }
        let stem = folded.prefix(max(3, folded.count - 2))
        guard stem.count >= 3, stem.count < 24 else { return false }
        return words.contains { $0.count <= folded.count + 4 && $0.hasPrefix(stem) }
    }

    /// Whether a word of the same root is there, by its beginning.
    func hasRoot(of word: some StringProtocol) -> Bool {
        let folded = Self.folded(String(word))
        let root = folded.prefix(4)
        return words.contains(folded) || root.count == 4 && words.contains { $0.hasPrefix(root) }
    }

    func has(number: String) -> Bool {
        if numbers.contains(number) { return true }
        guard let value = Int(number), let spelt = Self.spelt[value] else { return false }
        return spelt.contains { word in words.contains(word) || pairs.contains { $0.hasPrefix(word) } }
    }

    /// Whether the month with this number is there by its name.
    func has(month: String) -> Bool {
        guard let number = Int(month), let names = Self.months[number] else { return false }
        return words.contains { word in names.contains { word.hasPrefix($0) } }
    }

    // MARK: - Reading

    /// Small letters; letters and digits of other widths and scripts as the usual ones.
    static func folded(_ text: String) -> String {
        var folded = ""
        folded.reserveCapacity(text.utf8.count)
        for character in text.lowercased() {
            if let digit = character.wholeNumberValue, (0...9).contains(digit), character.isNumber, !character.isASCII,
                !isIdeograph(character)
            {
                folded += "\(digit)"
            } else {
                folded.append(character)
            }
        }
        return folded
    }

    /// The runs of letters and digits, with what joins them inside of a word.
    static func words(of text: String) -> [Word] {
        var words: [Word] = []
        var start: String.Index?
        var isFirst = true
        var index = text.startIndex
        func close(at end: String.Index) {
            guard let begin = start else { return }
            words.append(Word(text: text[begin..<end], isFirst: isFirst))
            start = nil
            isFirst = false
        }
        while index < text.endIndex {
            let character = text[index]
            if character.isLetter || character.isNumber {
                if start == nil { start = index }
            } else {
                close(at: index)
                if ".:;!?([{\"“„«‘—–|/…>".contains(character) || character.isNewline { isFirst = true }
            }
            index = text.index(after: index)
        }
        close(at: text.endIndex)
        return words
    }

    /// The numbers, each whole (`1,234.5` as `12345`) and in its parts, so that other ways of grouping digits match.
    static func numbers(of text: String) -> Set<String> {
        var numbers: Set<String> = []
        for group in groups(of: text) {
            for part in group { numbers.insert(bare(part)) }
            if group.count > 1 { numbers.insert(bare(group.joined())) }
        }
        return numbers
    }

    /// The runs of digits, those that only a separator of digits stands between together.
    static func groups(of text: String) -> [[String]] {
        var groups: [[String]] = []
        var group: [String] = []
        var digits = ""
        var isJoined = false
        for character in folded(text) {
            if character.isASCII, character.isNumber {
                digits.append(character)
                continue
            }
            if !digits.isEmpty {
                group.append(digits)
                digits = ""
                isJoined = ".,'’:-/".contains(character)
                if !isJoined {
                    groups.append(group)
                    group = []
                }
            } else if isJoined {
                isJoined = false
                groups.append(group)
                group = []
            }
        }
        if !digits.isEmpty { group.append(digits) }
        if !group.isEmpty { groups.append(group) }
        return groups
    }

    /// Neighbouring letters of scripts without spaces.
    static func pairs(of text: String) -> Set<String> {
        var pairs: Set<String> = []
        var before: Character?
        for character in text {
            guard isIdeograph(character) else {
                before = nil
                continue
            }
            if let before { pairs.insert("\(before)\(character)") }
            before = character
        }
        return pairs
    }

    static func bare(_ digits: String) -> String {
        let bare = digits.drop { $0 == "0" }
        return bare.isEmpty ? "0" : String(bare)
    }

    private static func isIdeograph(_ character: Character) -> Bool {
        guard let scalar = character.unicodeScalars.first else { return false }
        switch Script(scalar) {
        case .han, .kana, .hangul, .thai: return true
        default: return false
        }
    }

    /// How the names of the months begin.
    private static let months: [Int: [String]] = [
        1: ["jan", "ene", "gen", "янв"], 2: ["feb", "fév", "fev", "фев"], 3: ["mar", "mär", "мар"],
        4: ["apr", "abr", "avr", "апр"], 5: ["may", "mai", "mag", "май", "мая"], 6: ["jun", "juin", "giu", "июн"],
        7: ["jul", "juil", "lug", "июл"], 8: ["aug", "ago", "aoû", "авг"], 9: ["sep", "set", "сен"],
        10: ["oct", "okt", "out", "ott", "окт"], 11: ["nov", "ноя"], 12: ["dec", "dez", "dic", "déc", "дек"],
    ]

    /// How small numbers are written out, in the languages with the most speakers among our users.
    private static let spelt: [Int: [String]] = [
        0: ["zero", "no", "none", "null", "cero", "零"],
        1: [
            "one", "a", "an", "first", "once", "ein", "eine", "einen", "erste", "un", "una", "uno", "une", "um", "один",
            "одна", "一",
        ],
        2: [
            "two", "second", "both", "twice", "pair", "zwei", "beide", "dos", "deux", "due", "dois", "duas", "два",
            "две", "二", "两",
        ],
        3: ["three", "third", "drei", "tres", "trois", "tre", "três", "три", "三"],
        4: ["four", "fourth", "vier", "cuatro", "quatre", "quattro", "quatro", "четыре", "四"],
        5: ["five", "fifth", "fünf", "cinco", "cinq", "cinque", "пять", "五"],
        6: ["six", "sixth", "sechs", "seis", "sei", "шесть", "六"],
        7: ["seven", "seventh", "sieben", "siete", "sept", "sette", "sete", "семь", "七"],
        8: ["eight", "eighth", "acht", "ocho", "huit", "otto", "oito", "восемь", "八"],
        9: ["nine", "ninth", "neun", "nueve", "neuf", "nove", "девять", "九"],
        10: ["ten", "tenth", "zehn", "diez", "dix", "dieci", "dez", "десять", "十"],
        11: ["eleven", "elf", "once", "onze", "undici", "одиннадцать"],
        12: ["twelve", "dozen", "zwölf", "dutzend", "doce", "douze", "dodici", "doze", "двенадцать"],
    ]
}
