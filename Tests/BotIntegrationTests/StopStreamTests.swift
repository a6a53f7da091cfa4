import BotCore
import BotTestSupport
import Testing

/// `/stop` while an answer is being written.
@Suite(.timeLimit(.minutes(5)))
struct StopStreamTests {
    @Test(
        "/stop closes the connection to the model at once, and what had come stays", arguments: TestChat.Kind.allCases)
    func closesTheConnection(_ kind: TestChat.Kind) async throws {
        try await AppWorld.with { world in
            try await world.running { app in
                let chat = TestChat(kind: kind, world: world)
                let tale = (1...60).map { "stork \($0)" }.joined(separator: ", ")
                world.model.script(ModelAnswer(tale, pieceLength: 8, ending: .stalled(after: 40)))
                chat.say("tell me a tale")
                // Part of it stands in the chat, as a draft or as a message.
                if kind == .telegram {
                    try await world.telegram.until { _ in chat.drafts.contains { $0.contains("stork") } }
                } else {
                    try await chat.reply(holding: "stork")
                }
                #expect(world.model.calls.map(\.wasAbandoned) == [false])
                chat.command("stop")
                await world.model.waitUntilAbandoned(0)
                #expect(world.model.calls[0].endedAt == nil)
                try await chat.reply(holding: "(stopped)")
                #expect(chat.texts.contains { $0.hasPrefix("stork 1, stork 2") && $0.hasSuffix("(stopped)") })
                try await chat.converse("and now?", answer: "Now it goes.")
                try await app.untilAllIsHandled()
                #expect(world.model.calls.count == 2)
            }
        }
    }
}
