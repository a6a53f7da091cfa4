import BotCore
import Foundation

/// A small generator with a seed (SplitMix64), so that a chat can be made again.
private struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

/// A made-up chat with facts in it, and the questions that ask for them.
struct NeedleChat {
    enum Kind: String, CaseIterable {
        case plain, stemmed, updated, signs, followUp = "follow-up", apart, chinese, japanese, chineseUpdated =
            "chinese-updated"
    }

    struct Line {
        let role: Role
        let text: String
    }

    struct Question {
        let kind: Kind
        /// What the user says before, and what stands between; nil for a question that stands alone.
        let before: String?
        let text: String
        /// What has to be in the context.
        let value: String
    }

    private(set) var lines: [Line] = []
    private(set) var questions: [Question] = []
    private var random: Seeded
    private var values: Set<String> = []
    private var planned: [(place: Int, text: String)] = []
    private let language: Language

    enum Language: CaseIterable {
        case english, chinese, japanese
    }

    /// - Parameter count: how many messages the chat has; the last 40 are free of facts.
    init(_ language: Language, messages count: Int, seed: UInt64) {
        random = Seeded(state: seed)
        self.language = language
        let end = (count - 40) / 2
        switch language {
        case .english:
            planThings(before: end)
            plan(NeedleTopics.inflected, .stemmed, before: end)
            plan(NeedleTopics.signs, .signs, before: end)
            plan(NeedleTopics.apart, .apart, before: end)
        case .chinese:
            planThings(
                NeedleTopics.chinese, before: end, names: NeedleTopics.chineseNames, mine: "我的#是", theirs: "的#是",
                stop: "。",
                now: "更正一下，我的#现在是", question: "我的#是什么？", kinds: (.chinese, .chineseUpdated))
        case .japanese:
            planThings(
                NeedleTopics.japanese, before: end, names: NeedleTopics.japaneseNames, mine: "私の#は", theirs: "の#は",
                stop: "です。",
                now: "訂正します。私の#は今は", question: "私の#は何ですか？", kinds: (.japanese, .japanese))
        }
        write(count)
    }

    // MARK: - Facts

    /// Twenty things, eight of them corrected later, each with three of other people; the last four are asked for by a follow-up.
    private mutating func planThings(before end: Int) {
        let things = NeedleTopics.english.shuffled(using: &random)
        for (index, thing) in things.enumerated() {
            let value = value()
            let place = Int.random(in: 0..<(end * 2 / 3), using: &random)
            planned.append((place, "My \(thing) is \(value)."))
            for name in NeedleTopics.names.shuffled(using: &random).prefix(3) {
                planned.append((Int.random(in: 0..<end, using: &random), "\(name)'s \(thing) is \(self.value())."))
            }
            let question = "What is my \(thing)?"
            if index < 8 {
                let newer = self.value()
                let words = [
                    "Actually, my \(thing) is now \(newer).",
                    "Correction: my \(thing) changed, it is \(newer) since today.",
                ]
                planned.append((Int.random(in: (place + 1)..<end, using: &random), words[index % 2]))
                questions.append(Question(kind: .updated, before: nil, text: question, value: newer))
            } else if index < 20 {
                questions.append(Question(kind: .plain, before: nil, text: question, value: value))
            } else {
                questions.append(
                    Question(
                        kind: .followUp, before: "I was just thinking of my \(thing).", text: "What is it again?",
                        value: value))
            }
        }
    }

    private mutating func planThings(
        _ things: [String], before end: Int, names: [String], mine: String, theirs: String, stop: String, now: String,
        question: String, kinds: (plain: Kind, updated: Kind)
    ) {
        func filled(_ pattern: String, _ thing: String) -> String { pattern.replacing("#", with: thing) }
        for (index, thing) in things.shuffled(using: &random).enumerated() {
            var value = value()
            let place = Int.random(in: 0..<(end * 2 / 3), using: &random)
            planned.append((place, filled(mine, thing) + value + stop))
            for name in names.shuffled(using: &random).prefix(3) {
                let words = name + filled(theirs, thing) + self.value() + stop
                planned.append((Int.random(in: 0..<end, using: &random), words))
            }
            if index < 8 {
                value = self.value()
                planned.append((Int.random(in: (place + 1)..<end, using: &random), filled(now, thing) + value + stop))
            }
            let kind = index < 8 ? kinds.updated : kinds.plain
            questions.append(Question(kind: kind, before: nil, text: filled(question, thing), value: value))
        }
    }

    private mutating func plan(_ facts: [(statement: String, question: String)], _ kind: Kind, before end: Int) {
        for fact in facts {
            let value = value()
            let place = Int.random(in: 0..<end, using: &random)
            planned.append((place, fact.statement.replacing("#", with: value)))
            questions.append(Question(kind: kind, before: nil, text: fact.question, value: value))
        }
    }

    /// A made-up word or number that stands nowhere else.
    private mutating func value() -> String {
        while true {
            let value: String
            if Bool.random(using: &random) {
                value = "\(Int.random(in: 100_000...999_999, using: &random))"
            } else {
                let syllables = ["bra", "tov", "lim", "kor", "zel", "nu", "pash", "dri", "mon", "ve", "gul", "ith"]
                value =
                    (0..<4).map { _ in syllables[Int.random(in: 0..<syllables.count, using: &random)] }.joined()
                    .capitalized
            }
            if values.insert(value).inserted { return value }
        }
    }

    // MARK: - Messages

    /// The user's and the assistant's messages in turn; two facts at one place follow each other.
    private mutating func write(_ count: Int) {
        planned.sort { ($0.place, $0.text) < ($1.place, $1.text) }
        var next = 0
        for pair in 0..<(count / 2) {
            let isFact = next < planned.count && planned[next].place <= pair
            lines.append(Line(role: .user, text: isFact ? planned[next].text : talk()))
            if isFact { next += 1 }
            lines.append(Line(role: .assistant, text: answer()))
        }
    }

    private mutating func talk() -> String {
        switch language {
        case .english:
            // Some small talk is about the same things, and says nothing of their value.
            if Int.random(in: 0..<20, using: &random) == 0 {
                return "Some day I have to care about my \(pick(NeedleTopics.english)), shouldn't I?"
            }
            return fill(pick(NeedleTopics.englishTalk), NeedleTopics.englishWords)
        case .chinese: return fill(pick(NeedleTopics.chineseTalk), NeedleTopics.chineseWords)
        case .japanese: return fill(pick(NeedleTopics.japaneseTalk), NeedleTopics.japaneseWords)
        }
    }

    private mutating func answer() -> String {
        switch language {
        case .english: fill(pick(NeedleTopics.englishAnswers), NeedleTopics.englishWords)
        case .chinese: fill(pick(NeedleTopics.chineseAnswers), NeedleTopics.chineseWords)
        case .japanese: fill(pick(NeedleTopics.japaneseAnswers), NeedleTopics.japaneseWords)
        }
    }

    private mutating func pick(_ choices: [String]) -> String {
        choices[Int.random(in: 0..<choices.count, using: &random)]
    }

    private mutating func fill(_ pattern: String, _ words: [String]) -> String {
        pattern.map { $0 == "#" ? pick(words) : String($0) }.joined()
    }
}
