import BotCore
import Testing

@testable import BotConversation

struct ExcerptTests {
    @Test(arguments: [
        ("", ""), ("  \n ", ""), ("one", "one"), ("a\n\n b\tcd ", "a b cd"),
        ("a\u{202E}b\u{0007}c", "abc"), ("<b> & *c*", "<b> & *c*"),
        ("123456789 12", "123456789…"), ("1234567890", "1234567890"), ("12345678901", "1234567890…"),
    ])
    func showsTheBeginningOnOneLine(text: String, expected: String) {
        #expect(Excerpt.beginning(of: text, limit: 10) == expected)
    }

    @Test func aCharacterOfAnyLengthIsCut() {
        let tower = "a" + String(repeating: "\u{0301}", count: 100_000)
        #expect(Excerpt.beginning(of: tower).unicodeScalars.count <= 16)
    }

    @Test func markdownStaysAsItIs() {
        #expect(Excerpt.literal("a*b_c`d [e](f)", on: .telegram) == #"a\*b\_c\`d \[e\](f)"#)
        #expect(Excerpt.literal("a*b", on: .terminal) == "a*b")
    }

    @Test func onesOwnWordsComeAfterTheQuote() {
        let quoted = QuestionText.compose(
            InboundMessage(text: "and you?", quoted: InboundEvent.Quote(speaker: "Ann", text: "I am <well>")))
        #expect(QuestionText.ownWords(of: quoted) == "and you?")
        #expect(QuestionText.ownWords(of: "plain") == "plain")
        let alone = QuestionText.compose(
            InboundMessage(text: "", quoted: InboundEvent.Quote(speaker: "Ann", text: "I am well")))
        #expect(QuestionText.ownWords(of: alone) == alone)
    }
}
