import BotCore
import BotTestSupport
import Testing

/// Answers that are longer than a message, from the model to the chat.
@Suite(.timeLimit(.minutes(5)))
struct LongReplyTests {
    @Test("T40: a long answer grows over several messages and stands whole in the end", arguments: TestChat.Kind.direct)
    func growsOverMessages(_ kind: TestChat.Kind) async throws {
        try await AppWorld.with { world in
            try await world.running { app in
                let chat = TestChat(kind: kind, world: world)
                let lines = (1001...1600).map { "line \($0) of them" }
                let whole = lines.joined(separator: "\n")
                let gate = Gate(isOpen: false)
                world.model.script(.held(whole, by: gate))
                chat.say("tell me very much")
                // Half of it has left the model: more than a message holds.
                if kind == .telegram {
                    try await world.telegram.until { _ in
                        guard let first = chat.texts.first, let draft = chat.drafts.last else { return false }
                        return whole.hasPrefix(first + "\n" + draft.prefix(100))
                    }
                } else {
                    try await chat.until { $0.count >= 2 }
                }
                let shown = chat.texts.count
                gate.set(open: true)
                try await chat.reply(holding: "line 1600 of them")
                try await app.untilAllIsHandled()
                #expect(chat.texts.count > shown)
                #expect(chat.texts.flatMap { $0.split(separator: "\n") }.map(String.init) == lines)
            }
        }
    }

    @Test("T29: very long code arrives as a file with the text around it")
    func sendsCodeAsAFile() async throws {
        try await AppWorld.with { world in
            try await world.running { _ in
                let chat = TestChat(kind: .telegram, world: world)
                let code = (1...400).map { "print(\"line number \($0) of the code\")" }.joined(separator: "\n")
                let answer = "Take this:\n\n```python\n\(code)\n```\n\nThat is all."
                world.model.script(ModelAnswer(answer, pieceLength: 700))
                chat.say("write very much code")
                try await chat.reply(holding: "That is all.")
                let messages = world.telegram.sent(in: AppWorld.people[0])
                #expect(messages.map { $0.file?.name } == [nil, "code.py", nil])
                #expect(messages.first?.text.hasPrefix("Take this:") == true)
                #expect(messages.dropFirst().first?.file?.content == code + "\n")
            }
        }
    }
}
