import BotCore
import BotTestSupport
import Testing

@testable import BotTelegram

struct MessageChunkerTests {
    static func chunks(_ markdown: String) -> [FormattedText] {
        MessageChunker().chunks(of: MarkdownRenderer.render(markdown))
    }

    @Test("T27: 4096 scalars are one message, 4097 are two", arguments: ["a", "重", "😀", "é"])
    func cutsAtTheLimit(character: String) {
        let full = String(repeating: character, count: 4096)
        #expect(Self.chunks(full).map(\.text) == [full])
        let more = Self.chunks(full + character)
        #expect(more.map { $0.text.unicodeScalars.count } == [4096, 1])
        #expect(more.map(\.text).joined() == full + character)
        #expect(more.allSatisfy { $0.text.utf8.count <= 32_768 })
    }

    @Test("T27: the limit counts what is shown, not the markup")
    func countsVisibleText() {
        let text = String(repeating: "**a** ", count: 50) + String(repeating: "b", count: 3996)
        #expect(Self.chunks(text).count == 1)
    }

    @Test("T28: messages neither begin nor end with white space, and blank ones are not made")
    func trims() {
        #expect(Self.chunks("\n\n  hello \n\n").map(\.text) == ["hello"])
        #expect(Self.chunks(" \n\t ") == [])
        #expect(Self.chunks("") == [])
        #expect(Self.chunks("\u{200B}\u{FEFF}\u{2060}") == [])
        #expect(Self.chunks("```\n\n```") == [])
        #expect(Self.chunks("```\n    indented\n```").map(\.text) == ["    indented"])
    }

    @Test("T29: cuts at paragraphs, else lines, else sentences, else words")
    func prefersGoodPlaces() {
        let filler = String(repeating: "word ", count: 700)  // 3500 characters
        #expect(Self.chunks(filler + "one.\n\ntwo three. four\n" + filler)[0].text.hasSuffix("word one."))
        #expect(Self.chunks(filler + "one. two three\nfour " + filler)[0].text.hasSuffix("two three"))
        #expect(Self.chunks(filler + "one two. three four " + filler)[0].text.hasSuffix("one two."))
        let words = Self.chunks(filler + filler)
        #expect(words[0].text.hasSuffix("word"))
        #expect(words[0].text.count > 4080)
    }

    @Test("T29: never cuts a character as people see it")
    func keepsGraphemes() {
        let family = "👩‍👩‍👧‍👦"  // 7 scalars
        let text = String(repeating: family, count: 1000)
        let chunks = Self.chunks(text)
        #expect(chunks.count == 2)
        #expect(chunks.allSatisfy { $0.text.allSatisfy { $0 == Character(family) } })
        #expect(chunks.map(\.text.count).reduce(0, +) == 1000)
    }

    @Test("T29: never cuts a character of many marks that fits into a message")
    func keepsHeavyGraphemes() {
        let heavy = "a" + String(repeating: "\u{301}", count: 300)
        let chunks = Self.chunks(String(repeating: heavy, count: 30))
        #expect(chunks.count == 3)
        #expect(chunks.allSatisfy { $0.text.allSatisfy { $0 == Character(heavy) } })
        #expect(chunks.map(\.text.count).reduce(0, +) == 30)
    }

    @Test(
        "T29: does not cut short code or a formula",
        arguments: ["`swift build -c release`", "$a + b + c$", "\\(a + b\\)"])
    func keepsCode(code: String) throws {
        let filler = String(repeating: "x", count: 4090) + " "
        let chunks = Self.chunks(filler + code + " end")
        try #require(chunks.count == 2)
        #expect(chunks[1].text.hasSuffix(" end"))
        #expect(chunks[0].text + " " + chunks[1].text == MarkdownRenderer.render(filler + code + " end").text)
        #expect(chunks[0].text.allSatisfy { $0 == "x" })
    }

    @Test("T29: never cuts a link or an address")
    func keepsLinks() throws {
        let filler = String(repeating: "x", count: 4090)
        let link = Self.chunks(filler + "[a long label here](http://x.y)")
        #expect(link.count == 2)
        #expect(link[1].text == "a long label here")
        #expect(link[1].entities == [MessageEntity(type: .link, offset: 0, length: 17, url: "http://x.y")])
        let address = Self.chunks(filler + "。http://example.org/a/long/address")
        #expect(address[1].text == "http://example.org/a/long/address")
    }

    @Test("T29: a link longer than a message is cut all the same, and stays a link")
    func cutsEndlessLinks() {
        let chunks = Self.chunks("[" + String(repeating: "x", count: 5000) + "](http://x.y)")
        #expect(chunks.map { $0.text.count } == [4096, 904])
        #expect(chunks.allSatisfy { $0.entities.first?.url == "http://x.y" })
    }

    @Test("T29: code across a cut is closed and opened again with its language, and loses no indentation")
    func reopensCode() {
        let line = "    return \"" + String(repeating: "y", count: 80) + "\"\n"
        let chunks = Self.chunks("```swift\n" + String(repeating: line, count: 100) + "```\ndone")
        #expect(chunks.count == 3)
        for chunk in chunks {
            let code = chunk.entities.filter { $0.type == .pre }
            #expect(code.count == 1)
            #expect(code.first?.language == "swift")
            #expect(chunk.text.hasPrefix("    return"))
        }
        #expect(chunks.last?.text.hasSuffix("done") == true)
    }

    @Test("T29: emphasis across a cut goes on in the next message")
    func reopensEmphasis() {
        let chunks = Self.chunks("**" + String(repeating: "bold word ", count: 500) + "end**")
        #expect(chunks.count == 2)
        for chunk in chunks {
            #expect(chunk.entities == [MessageEntity(type: .bold, offset: 0, length: chunk.text.utf16.count)])
        }
    }

    @Test("T30: a message has at most 100 entities")
    func limitsEntities() {
        let chunks = Self.chunks(String(repeating: "`a` ", count: 350))
        #expect(chunks.count == 4)
        #expect(chunks.allSatisfy { $0.entities.count <= 100 })
        #expect(chunks.map(\.entities.count).reduce(0, +) == 350)
    }

    @Test("T30: emphasis that Telegram cuts into pieces counts as the pieces")
    func limitsPieces() {
        let chunks = Self.chunks("**" + String(repeating: "a *b* ", count: 80) + "end**")
        // Each italic word ends a piece of the bold text and begins another.
        #expect(chunks.map(\.entities.count).reduce(0, +) < 100)
        #expect(chunks.count > 2)
        #expect(chunks.allSatisfy { EntityPieces.ranges(of: $0.entities).count <= 100 })
        let nested = FormattedText(
            text: "abcdefgh",
            entities: [.init(type: .bold, offset: 0, length: 8), .init(type: .italic, offset: 2, length: 2)])
        #expect(EntityPieces.ranges(of: nested.entities) == [0..<2, 2..<4, 2..<4, 4..<8])
    }

    @Test(
        "T29: messages of random Markdown are legal, in order, and lose only white space", .serialized,
        arguments: 0..<60)
    func losesNothing(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed + 1000))
        let whole = MarkdownRenderer.render(RandomMarkdown.text(pieces: 3000, using: &random))
        let chunks = MessageChunker().chunks(of: whole)
        #expect(chunks.count > 1)
        for chunk in chunks {
            #expect(chunk.text.unicodeScalars.count <= 4096)
            #expect(chunk.text.utf8.count <= 32_768)
            #expect(chunk.entities.count <= 100)
            let length = chunk.text.utf16.count
            #expect(chunk.entities.allSatisfy { $0.offset >= 0 && $0.length > 0 && $0.end <= length })
            #expect(chunk.text.last?.isWhitespace == false)
            #expect(chunk.text.first?.isNewline == false)
        }
        func visible(_ text: String) -> [Unicode.Scalar] { text.unicodeScalars.filter { !$0.properties.isWhitespace } }
        #expect(visible(chunks.map(\.text).joined()) == visible(whole.text))
        // What was formatted is formatted: each kind covers the same characters as before.
        for kind in MessageEntity.Kind.allCases {
            let before = whole.entities.filter { $0.type == kind }.flatMap { visible(Self.covered($0, whole.text)) }
            let after = chunks.flatMap { chunk in
                chunk.entities.filter { $0.type == kind }.flatMap { visible(Self.covered($0, chunk.text)) }
            }
            #expect(before == after)
        }
    }

    @Test("A mark with thousands of accents is still cut into legal messages")
    func survivesEndlessGraphemes() {
        let text = "a" + String(repeating: "\u{301}", count: 10_000)
        let chunks = Self.chunks(text)
        #expect(chunks.allSatisfy { $0.text.unicodeScalars.count <= 4096 })
        #expect(chunks.map { $0.text.unicodeScalars.count }.reduce(0, +) == 10_001)
    }

    private static func covered(_ entity: MessageEntity, _ text: String) -> String {
        let units = text.utf16
        let start = units.index(units.startIndex, offsetBy: entity.offset)
        return String(text[start..<units.index(start, offsetBy: entity.length)])
    }
}
