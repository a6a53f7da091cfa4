import BotCore

/// Finds in a sentence what people say about themselves, by fixed phrases of several languages. Pure.
struct FactPatterns {
    /// A fact: what it is about, where that can be told, so that a later one can replace it.
    struct Fact: Equatable {
        let section: SummarySection
        /// The subject, in small letters, as `my dog` or `call me`; nil when every one stands for itself.
        let subject: String?
    }

    private struct Phrase {
        let start: String
        let section: SummarySection
        /// Whether a later sentence with this start replaces an earlier one.
        let isUnique: Bool

        init(_ start: String, _ section: SummarySection = .facts, isUnique: Bool = true) {
            self.start = start
            self.section = section
            self.isUnique = isUnique
        }
    }

    /// What comes between a possessive and a verb is the subject: `my X is`.
    private static let possessives = [
        "my ", "mein ", "meine ", "mon ", "ma ", "mes ", "mi ", "mis ", "il mio ", "la mia ", "o meu ", "a minha ",
        "meu ", "minha ", "мой ", "моя ", "моё ", "мое ", "мои ", "我的", "私の", "わたしの", "僕の", "俺の", "내 ", "제 ",
    ]
    private static let verbs = [
        " is ", " are ", " was ", " = ", "'s name is ", " ist ", " sind ", " heißt ", " est ", " sont ", " es ",
        " son ",
        " è ", " é ", " — ", " - ", " это ", " зовут ", "是", "叫", "は", "은 ", "는 ", "이 ", "가 ",
    ]

    private static let phrases: [Phrase] = [
        Phrase("call me "), Phrase("i live in "), Phrase("i work "), Phrase("i was born "), Phrase("my name's "),
        Phrase("i'm allergic ", isUnique: false), Phrase("i am allergic ", isUnique: false),
        Phrase("i moved to "), Phrase("i'm from "), Phrase("i am from "), Phrase("i speak "), Phrase("i study "),
        Phrase("i have ", isUnique: false), Phrase("remember ", isUnique: false),
        Phrase("i prefer ", .preferences, isUnique: false), Phrase("i like ", .preferences, isUnique: false),
        Phrase("i love ", .preferences, isUnique: false), Phrase("i hate ", .preferences, isUnique: false),
        Phrase("i don't like ", .preferences, isUnique: false), Phrase("i want ", .open, isUnique: false),
        Phrase("i need ", .open, isUnique: false), Phrase("remind me ", .open, isUnique: false),
        Phrase("i promise ", .open, isUnique: false), Phrase("we decided ", .decisions, isUnique: false),
        Phrase("i decided ", .decisions, isUnique: false), Phrase("let's go with ", .decisions, isUnique: false),
        Phrase("nenn mich "), Phrase("ich heiße "), Phrase("ich wohne "), Phrase("ich arbeite "),
        Phrase("ich mag ", .preferences, isUnique: false), Phrase("ich bin ", isUnique: false),
        Phrase("je m'appelle "), Phrase("j'habite "), Phrase("je travaille "),
        Phrase("j'aime ", .preferences, isUnique: false), Phrase("me llamo "), Phrase("vivo en "), Phrase("trabajo "),
        Phrase("prefiero ", .preferences, isUnique: false), Phrase("mi chiamo "), Phrase("abito "), Phrase("vivo a "),
        Phrase("meu nome "), Phrase("moro em "), Phrase("меня зовут "), Phrase("я живу "), Phrase("я работаю "),
        Phrase("я люблю ", .preferences, isUnique: false), Phrase("我叫"), Phrase("我住"), Phrase("我在"),
        Phrase("我喜欢", .preferences, isUnique: false), Phrase("记住", isUnique: false),
        Phrase("私は", isUnique: false), Phrase("僕は", isUnique: false), Phrase("名前は"), Phrase("저는 ", isUnique: false),
    ]

    private static let promises = [
        "i will ", "i'll ", "i promise", "ich werde ", "je vais ", "voy a ", "vou ", "обещаю", "我会", "约定", "約束",
    ]

    /// The fact that a sentence of the user states; nil when it states none.
    static func fact(in sentence: String) -> Fact? {
        let text = sentence.lowercased().replacing("’", with: "'")
        if text.hasSuffix("?") || text.hasSuffix("？") { return nil }
        for possessive in possessives {
            guard let range = text.firstRange(of: possessive), isAtWord(range.lowerBound, in: text) else { continue }
            // The subject is a few words, and the nearest verb ends it.
            let rest = text[range.upperBound...].prefix(48)
            let ends = verbs.compactMap { rest.firstRange(of: $0)?.lowerBound }
            guard let end = ends.min(), end > rest.startIndex else { continue }
            return Fact(section: .facts, subject: "my " + rest[..<end])
        }
        for phrase in phrases {
            guard let range = text.firstRange(of: phrase.start), isAtWord(range.lowerBound, in: text) else { continue }
            return Fact(section: phrase.section, subject: phrase.isUnique ? phrase.start : nil)
        }
        return nil
    }

    /// Whether somebody promises something in the sentence.
    static func isPromise(_ sentence: String) -> Bool {
        let text = sentence.lowercased().replacing("’", with: "'")
        return promises.contains { text.hasPrefix($0) || text.contains(" " + $0) }
    }

    private static func isAtWord(_ index: String.Index, in text: String) -> Bool {
        guard index > text.startIndex else { return true }
        let before = text[text.index(before: index)]
        return !before.isLetter || (before.unicodeScalars.first?.value ?? 0) >= 0x2E80
    }
}
