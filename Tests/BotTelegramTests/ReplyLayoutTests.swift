import BotCore
import Testing

@testable import BotTelegram

/// Replies that are too long to be read in messages.
struct ReplyLayoutTests {
    private let layout = ReplyLayout()

    private func code(_ lines: Int) -> String {
        (1...lines).map { "print(\"this is line number \($0) of the code\")" }.joined(separator: "\n")
    }

    @Test("T29: a code block that would fill more than two messages comes as a file, with the text around it")
    func sendsLongCodeAsAFile() throws {
        let code = code(300)
        let reply = "Here **it** is:\n\n```python\n\(code)\n```\n\nRun it with `python`."
        let messages = layout.messages(of: reply)
        #expect(messages.count == 3)
        #expect(messages[0].text == "Here it is:\n\n(The code is long, so it comes as a file: code.py)")
        #expect(messages[0].telegramEntities?.map(\.type) == [.bold])
        #expect(messages[0].file == nil)
        #expect(messages[1].file == ReplyFile(name: "code.py", mediaType: "text/plain", content: code + "\n"))
        #expect(messages[1].text == "300 lines")
        #expect(messages[2].text == "Run it with python.")
        #expect(messages[2].telegramEntities == [MessageEntity(type: .code, offset: 12, length: 6)])
        let preview = layout.preview(of: reply)
        #expect(preview == [messages[0], messages[2]])
    }

    @Test func codeThatFitsStaysInMessages() {
        let messages = layout.messages(of: "```swift\n\(code(150))\n```")
        #expect(messages.count == 2)
        #expect(messages.allSatisfy { $0.file == nil && $0.telegramEntities?.first?.type == .pre })
    }

    @Test func aReplyThatIsAllCodeBeginsWithASentence() {
        let messages = layout.messages(of: "```\n\(code(300))\n```")
        #expect(messages.map(\.text) == ["(The code is long, so it comes as a file: code.txt)", "300 lines"])
        #expect(messages.map { $0.file?.name } == [nil, "code.txt"])
    }

    @Test func severalLongBlocksAreFilesOfTheirOwn() {
        let block = "```js\n\(code(300))\n```"
        let messages = layout.messages(of: "One:\n\n\(block)\n\nTwo:\n\n\(block)\n\nDone.")
        #expect(messages.map { $0.file?.name } == [nil, "code.js", nil, "code-2.js", nil])
        #expect(messages.last?.text == "Done.")
    }

    @Test("T29: a reply of more than ten messages is a file behind its beginning")
    func sendsVeryLongRepliesAsAFile() throws {
        let reply = (1...2200).map { "Sentence number \($0) of *many*." }.joined(separator: " ")
        let all = MessageChunker().chunks(of: MarkdownRenderer.render(reply)).map(\.renderedChunk)
        #expect(all.count > 10)
        let messages = layout.messages(of: reply)
        #expect(messages.count == 4)
        #expect(Array(messages.prefix(3)) == Array(all.prefix(3)))
        #expect(messages[3].text == "The answer is long: all of it is in this file.")
        #expect(messages[3].file == ReplyFile(name: "answer.md", mediaType: "text/markdown", content: reply))
        #expect(layout.preview(of: reply).prefix(3) == messages.prefix(3))
    }

    @Test func tenMessagesStayMessages() {
        let paragraph = String(repeating: "x", count: 4000)
        func reply(_ count: Int) -> String { Array(repeating: paragraph, count: count).joined(separator: "\n\n") }
        #expect(layout.messages(of: reply(10)).count == 10)
        #expect(layout.messages(of: reply(10)).allSatisfy { $0.file == nil })
        #expect(layout.messages(of: reply(11)).count == 4)
    }

    @Test(
        "The ending of a file follows from the language, and is never one that a computer runs by itself",
        arguments: [
            ("python", "py"), ("Python3", "py"), ("C++", "cpp"), ("swift", "swift"), ("yml", "yaml"), (nil, "txt"),
            ("exe", "txt"), ("../../x", "txt"), ("bat", "txt"), ("brainfuck", "txt"),
        ] as [(String?, String)])
    func namesFiles(_ language: String?, _ ending: String) {
        #expect(CodeFile.ending(of: language) == ending)
    }

    @Test func aPartOfATextKeepsItsFormatting() {
        let text = MarkdownRenderer.render("\u{1F600} **bold** and `code`, https://example.org/a")
        let part = text.part(in: 3..<16)
        #expect(part.text == "bold and code")
        #expect(part.entities.map { [$0.offset, $0.length] } == [[0, 4], [9, 4]])
        #expect(part.unbreakable == [9..<13])
    }
}
