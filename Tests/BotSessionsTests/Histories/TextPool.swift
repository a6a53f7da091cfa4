import BotCore

/// Texts of every kind and length up to a megabyte, made once, with their tokens. None holds the mark that histories number messages by.
struct TextPool: Sendable {
    struct Sample: Sendable {
        let text: String
        let tokens: Int
    }

    private let short: [Sample]
    private let middle: [Sample]
    private let long: [Sample]
    private let huge: [Sample]

    init(counter: any TokenCounter, longest: Int) {
        var random = SeededRandom(seed: 7)
        func samples(_ count: Int, _ lengths: ClosedRange<Int>) -> [Sample] {
            (0..<count).map { _ in
                let text = Self.text(Int.random(in: lengths, using: &random), &random)
                return Sample(text: text, tokens: counter.count(text))
            }
        }
        short = samples(100, 1...40)
        middle = samples(40, 40...400)
        long = samples(12, 400...6000)
        huge = ["x", "漢", "👩🏽‍🚀", "word ", "\n", "\u{301}"].map { unit in
            let text = String(repeating: unit, count: longest / unit.utf8.count)
            return Sample(text: text, tokens: counter.count(text))
        }
    }

    func sample(_ random: inout SeededRandom) -> Sample {
        let pool =
            switch Int.random(in: 0..<4000, using: &random) {
            case 0..<4: huge
            case 4..<200: long
            case 200..<1400: middle
            default: short
            }
        return pool.randomElement(using: &random) ?? Sample(text: "x", tokens: 1)
    }

    private static func text(_ bytes: Int, _ random: inout SeededRandom) -> String {
        let units = [
            "word ", "Straße ", "漢字", "かな", "한국어 ", "👩🏽‍🚀", "e\u{301}", "\n", "\r\n", "\t", "{\"k\": [1, 2]}", "\u{0}",
            "</summary>",
            "<recall>", "שלום ", "ไทย", "1234567", "a", " ", "\u{FEFF}",
        ]
        // Most texts are of one kind.
        let kinds = (0..<Int.random(in: 1...4, using: &random)).compactMap { _ in units.randomElement(using: &random) }
        var text = ""
        while text.utf8.count < bytes { text += kinds.randomElement(using: &random) ?? "a" }
        return text
    }
}
