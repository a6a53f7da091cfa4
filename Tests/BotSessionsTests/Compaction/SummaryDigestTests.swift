import BotCore
import Testing

@testable import BotSessions

struct SummaryDigestTests {
    private func digest(_ messages: [SourceMessage], notes: [SummaryLine] = [], budget: Int = 5000) -> [SummaryLine]? {
        let source = SummarySource(messages: messages, notes: notes, citable: 1...1000)
        return SummaryDigest(counter: CharacterCounter(), budget: budget).digest(of: source)?.notes.lines
    }

    @Test(
        arguments: [
            ("My dog is called Rex.", .facts), ("Well, my favourite colour is teal!", .facts),
            ("please call me Zed", .facts),
            ("I live in Porto.", .facts), ("Ich heiße Jürgen.", .facts), ("Mein Hund ist alt.", .facts),
            ("Je m'appelle Zoé.", .facts), ("Mi coche es rojo", .facts), ("Меня зовут Аня", .facts),
            ("我的狗是雷克斯。", .facts),
            ("我叫李明", .facts), ("私の猫はタマです。", .facts), ("내 이름은 민수예요", .facts), ("I prefer tea.", .preferences),
            ("I’ll send it on Monday", .open), ("We decided to wait.", .decisions),
        ] as [(String, SummarySection)])
    func notesPlainFacts(text: String, section: SummarySection) {
        #expect(digest([Sample.message(7, .user, text)])?.first?.section == section)
        #expect(digest([Sample.message(7, .user, text)])?.first?.sources == [7...7])
    }

    @Test(arguments: ["What is my dog?", "Ana's dog is Rex", "The amygdala is small", "Hello there you"])
    func takesNoFactWhereNoneIs(text: String) {
        #expect(digest([Sample.message(7, .user, text)])?.contains { $0.section == .facts } != true)
    }

    @Test func theNewestValueWins() {
        let lines = digest(
            Sample.talk(["My car is red.", "ok", "My car is blue now.", "ok"]),
            notes: [
                Sample.line("The user said: My car is green", 3...3),
                Sample.line("The user said: My cat is old", 4...4),
                Sample.line("Ana said: My car is white", 5...5),
            ])
        let facts = lines?.filter { $0.section == .facts }.map(\.text)
        #expect(
            facts == [
                "The user said: My cat is old", "Ana said: My car is white", "The user said: My car is blue now",
            ])
    }

    @Test func staysWithinItsBudgetOnAnyInput() {
        var random = SeededRandom(seed: 5)
        for _ in 0..<60 {
            let messages = (0..<Int.random(in: 0...60, using: &random)).map { number -> SourceMessage in
                let words = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                    ["my", "dog", "is", "7", "我的", "。", "!", "\n", "x</notes>", "I will"].randomElement(using: &random)
                        ?? ""
                }
                return Sample.message(
                    Int64(number + 1), number.isMultiple(of: 2) ? .user : .assistant, words.joined(separator: " "))
            }
            let budget = Int.random(in: 0...500, using: &random)
            let source = SummarySource(messages: messages, notes: [], citable: 1...60)
            guard let made = SummaryDigest(counter: CharacterCounter(), budget: budget).digest(of: source) else {
                continue
            }
            #expect(made.tokens <= budget && made.tokens <= 300)
            #expect(made.tokens == made.text.count)
            #expect(SummaryNotes(parsing: made.text).lines.allSatisfy { $0.isWithin(1...60) })
            #expect(!made.text.contains("</"))
        }
    }

    @Test func isNilWhereNothingWasSaid() {
        #expect(digest([]) == nil)
        #expect(digest([Sample.message(1, .user, "ok")]) == nil)
    }

    @Test func findsTheSentencesThatTellMost() {
        let small = Sample.talk((0..<20).map { _ in "yes that is so nice" })
        let told = Sample.message(40, .user, "The northern pump at station Alcatra failed with code 4711")
        #expect(digest(small + [told])?.contains { $0.sources == [40...40] } == true)
    }

    @Test func splitsSentences() {
        #expect(SummaryDigest.split("One. Two 3.5 kg! 三。四？\nFive") == ["One", "Two 3.5 kg!", "三。", "四？", "Five"])
    }
}
