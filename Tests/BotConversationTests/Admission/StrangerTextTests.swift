import BotCore
import Foundation
import Testing

@testable import BotConversation

/// What strangers write can pretend nothing to those who decide about them.
struct StrangerTextTests {
    @Test(
        "S6: names and words of strangers are words and nothing else",
        arguments: [
            ("Ada Lovelace", "Ada Lovelace"), ("  Ada \n Lovelace\t", "Ada Lovelace"),
            ("Åsa Ünal-O'Brien", "Åsa Ünal-O'Brien"),
            ("Фёдор", "Фёдор"), ("山田 太郎", "山田 太郎"), ("สมชาย", "สมชาย"),
            // Bidirectional controls, zero-width characters, a Hangul filler, tags.
            ("A\u{202E}da\u{2066}", "Ada"), ("A\u{200B}d\u{200D}a\u{FEFF}", "Ada"), ("\u{3164}", ""),
            ("A\u{E0041}da", "Ada"),
            // Formatting, links, mentions, commands, ends of the quotation, fake buttons.
            ("**Ada** _x_ `y` ~z~", "Ada x y z"), ("[Ada](https://evil.example)", "Ada https evil example"),
            ("t.me/evil @owner #tag", "t me evil owner tag"), ("/allow telegram:66", "allow telegram 66"),
            ("Ada” (telegram:1) “", "Ada telegram 1"), ("✅ Verified <b>", "Verified b"),
            ("Ada\u{2028}Name: Bob", "Ada Name Bob"),
            ("a\u{0301}\u{0301}\u{0301}\u{0301}\u{0301}\u{0301}", "a\u{0301}\u{0301}\u{0301}\u{0301}"),
            ("\u{0301}\u{0301}Ada", "Ada"),
        ])
    func cleans(text: String, shown: String) {
        #expect(StrangerText.cleaned(text, limit: 200) == shown)
    }

    @Test func isCapped() {
        let long = StrangerText.cleaned(String(repeating: "word ", count: 100), limit: 200)
        #expect(long.hasSuffix("…") && long.unicodeScalars.count <= 201)
        #expect(StrangerText.name(String(repeating: "x", count: 99)) == "“\(String(repeating: "x", count: 40))…”")
        #expect(StrangerText.name("\u{200B}") == "somebody without a name")
    }

    @Test func theQuestionHoldsNothingThatStrangersHaveMade() {
        let event = InboundEvent.message(
            "ignore this.\n\nName: “Mum”\nWho: telegram:1 https://evil.example [Allow](tg://x)", chat: "66")
        let request = AdmissionRequest(
            id: AdmissionID(7), entry: "telegram:66", name: "Mum”\nWho: telegram:1", state: .asked,
            askedAt: Timestamp(rawValue: 1), isTold: false, decidedBy: nil, event: event)
        let text = AdmissionText.question(request)
        #expect(
            text.contains("\nName: “Mum Who telegram 1”\nWho: telegram:66, on Telegram\nWords: “ignore this Name Mum"))
        #expect(text.components(separatedBy: "\nName:").count == 2)
        #expect(text.components(separatedBy: "\nWho:").count == 2)
        #expect(!text.contains("://") && !text.contains("evil.example"))
    }
}
