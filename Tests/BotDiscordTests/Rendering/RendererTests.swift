import BotCore
import Testing

@testable import BotDiscord

struct RendererTests {
    private func texts(_ reply: String) -> [String] { DiscordRenderer.render(reply).map(\.text) }

    @Test("D21: 2000 code points are one message, one more are two, whatever their size in bytes")
    func limitCountsCodePoints() {
        #expect(texts(String(repeating: "😀", count: 2000)).count == 1)
        #expect(texts(String(repeating: "😀", count: 2001)).map(\.unicodeScalars.count) == [2000 - 4, 5])
        #expect(texts(String(repeating: "a", count: 2000)) == [String(repeating: "a", count: 2000)])
    }

    @Test("D21: nothing visible gives no message", arguments: ["", " \n\n ", "\u{200B}\u{200B}", "\n\t"])
    func blankGivesNothing(_ text: String) {
        #expect(texts(text).isEmpty)
    }

    @Test("D21: random texts arrive whole, in order and within the limit", .serialized, arguments: 0..<40)
    func randomTextsArriveWhole(_ seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed) &+ 1)
        let pieces = [
            "word ", "a ", "sentence end. ", "\n", "\n\n", "👩‍👩‍👧‍👦", "é", "漢字。", "*bold* ", "~~x~~", "🇩🇪", "- item\n", "x",
        ]
        let text = (0..<Int.random(in: 1...2500, using: &random)).map { _ in
            pieces.randomElement(using: &random) ?? ""
        }.joined()
        let messages = texts(text)
        #expect(messages.allSatisfy { $0.unicodeScalars.count <= 2000 })
        #expect(messages.joined().filter { !$0.isWhitespace } == text.filter { !$0.isWhitespace })
        // A cut inside a character would change the count of characters.
        #expect(
            messages.map { $0.filter { !$0.isWhitespace }.count }.reduce(0, +) == text.filter { !$0.isWhitespace }.count
        )
    }

    @Test("D21: code that goes on is closed and opened again with its language", arguments: ["swift", "", "c++"])
    func codeBlocksGoOn(_ language: String) {
        let lines = (0..<400).map { "    line \($0) of the code" }
        let messages = texts("Before.\n\n```\(language)\n\(lines.joined(separator: "\n"))\n```\nAfter.")
        #expect(messages.count > 3)
        for message in messages {
            #expect(message.unicodeScalars.count <= 2000)
            #expect(message.split(separator: "\n").filter { $0.hasPrefix("```") }.count % 2 == 0)
        }
        for message in messages.dropFirst() { #expect(message.hasPrefix("```\(language)\n")) }
        let code = messages.flatMap { $0.split(separator: "\n") }.filter { $0.hasPrefix("    line") }.map(String.init)
        #expect(code == lines)
        #expect(messages.last?.hasSuffix("After.") == true)
    }

    @Test("D21: random code blocks stay whole", .serialized, arguments: 0..<40)
    func randomCodeBlocksStayWhole(_ seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed) &+ 77)
        var text = ""
        var words: [String] = []
        for number in 0..<Int.random(in: 1...12, using: &random) {
            let lines = (0..<Int.random(in: 0...120, using: &random)).map { line -> String in
                words.append("w\(number)x\(line)")
                return "w\(number)x\(line) " + String(repeating: "=", count: Int.random(in: 0...60, using: &random))
            }
            let fence = ["```", "````", "~~~"].randomElement(using: &random) ?? "```"
            text +=
                Bool.random(using: &random)
                ? "\(fence)swift\n\(lines.joined(separator: "\n"))\n\(fence)\n" : lines.joined(separator: " ") + "\n\n"
        }
        let messages = texts(text)
        #expect(messages.allSatisfy { $0.unicodeScalars.count <= 2000 })
        for message in messages {
            #expect(CodeFence.state(after: message[...], from: nil) == nil, "a block is left open")
        }
        let found = messages.joined(separator: "\n").matches(of: #/w\d+x\d+/#).map { String($0.output) }
        #expect(found == words)
    }

    @Test("D21: a single character larger than a message still arrives")
    func monstrousCharacterArrives() {
        let zalgo = "a" + String(repeating: "\u{0301}", count: 5000)
        let messages = texts(zalgo)
        #expect(messages.allSatisfy { $0.unicodeScalars.count <= 2000 })
        #expect(messages.map(\.unicodeScalars.count).reduce(0, +) == 5001)
    }

    @Test(
        "Paragraphs are preferred to lines, lines to sentences, sentences to spaces",
        arguments: [
            (
                String(repeating: "a", count: 1500) + "\n\n" + String(repeating: "b. ", count: 100) + "\nc "
                    + String(repeating: "d", count: 300), 1500
            ),
            (String(repeating: "a", count: 1500) + "\n" + String(repeating: "b. ", count: 200), 1500),
            (String(repeating: "a", count: 1500) + ". " + String(repeating: "b ", count: 600), 1501),
            (String(repeating: "a", count: 1500) + " " + String(repeating: "b", count: 600), 1500),
        ])
    func breaks(_ text: String, _ length: Int) {
        #expect(texts(text).first?.unicodeScalars.count == length)
    }

    @Test(
        "D21: what Discord would show wrong in two parts is not cut",
        arguments: [
            "**so much of it is bold that it goes on**", "*as much is in italics, and **some** of it bold*",
            "***both at once, to be quite sure of it***", "__what is underlined here__", "_what is in italics here_",
            "~~what was struck out by somebody~~", "||what nobody wants to know beforehand||",
            "**bold with a \\*\\* in it, and `a ** b` too**", "`what is code, and long`",
            "[what is a link](https://example.com/a)",
        ])
    func spansStayWhole(_ span: String) {
        let filler = String(repeating: "word ", count: 397)
        #expect(texts(filler + span + " and the rest") == [filler.trimmed, span + " and the rest"])
    }

    @Test(
        "D21: signs that emphasize nothing hold no text together",
        arguments: ["2 * 3 and so on, and 4 * 5", "** no bold ** here at all", "a_b and c_d and more of_them here"])
    func otherSigns(_ text: String) {
        let filler = String(repeating: "word ", count: 397)
        let parts = texts(filler + text)
        #expect(parts.count == 2 && parts[0].count > filler.count)
    }

    @Test(
        "S4: pings are broken outside code",
        arguments: [
            ("hi @everyone and @here", "hi @\u{200B}everyone and @\u{200B}here"), ("<@&5>", "<@\u{200B}&5>"),
            ("`@everyone` @everyone", "`@everyone` @\u{200B}everyone"), ("``a`@here`` x", "``a`@here`` x"),
            ("```\n@everyone\n```", "```\n@everyone\n```"), ("open ` @everyone", "open ` @\u{200B}everyone"),
            ("<@123> stays", "<@123> stays"),
        ])
    func pingsAreBroken(_ text: String, _ expected: String) {
        #expect(texts(text) == [expected])
    }

    @Test(
        "Deep headings become bold, others stay",
        arguments: [
            ("#### Four", "**Four**"), ("###### **Six**", "**Six**"), ("### Three", "### Three"),
            ("#nospace", "#nospace"),
            ("```\n#### code\n```", "```\n#### code\n```"),
        ])
    func headings(_ text: String, _ expected: String) {
        #expect(texts(text) == [expected])
    }

    @Test("Tables become code blocks with aligned columns")
    func tables() {
        let table = "Look:\n| Name | Age |\n|:---|---:|\n| **Ada** | 36 |\n| Bob \\| B | 7 |\nEnd"
        #expect(texts(table) == ["Look:\n```\nName    | Age\n--------+----\nAda     |  36\nBob | B |   7\n```\nEnd"])
        #expect(texts("a | b\nno table") == ["a | b\nno table"])
    }

    @Test("A preview is cut as the whole will be, with open code closed")
    func previews() {
        #expect(DiscordRenderer.renderPreview("Hi\n```swift\nlet x").map(\.text) == ["Hi\n```swift\nlet x\n```"])
        #expect(DiscordRenderer.renderPreview("  ").isEmpty)
        let long = (0..<3000).map { "word\($0)" }.joined(separator: " ")
        #expect(DiscordRenderer.renderPreview(long).prefix(10).map(\.text) == Array(texts(long).prefix(10)))
    }
}

/// A small generator whose numbers are the same each time (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
