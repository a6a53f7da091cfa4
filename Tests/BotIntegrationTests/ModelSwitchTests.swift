import BotCore
import BotTestSupport
import Testing

@testable import BotApp

/// `/model` and `/usage` as people meet them.
@Suite(.timeLimit(.minutes(5)))
struct ModelSwitchTests {
    @Test("/model switches one chat, over restarts, as long as the owner allows it", arguments: TestChat.Kind.direct)
    func switchesOneChat(_ kind: TestChat.Kind) async throws {
        try await AppWorld.with { world in
            let settings = [
                "model.choices": "openai/other-model,anthropic/claude-x", "anthropic.apiKey": "sk-other",
                "anthropic.baseURL": try await world.model.baseURL(for: .anthropic),
            ]
            let chat = TestChat(kind: kind, world: world)
            let other = TestChat(kind: kind.isTelegram ? .discord : .telegram, world: world)
            try await world.running(settings) { _ in
                chat.command("model")
                try await chat.reply(holding: "openai/fake-model answers in this chat: the default.")
                chat.command("model", "2")
                try await chat.reply(holding: "anthropic/claude-x answers in this chat from now on")
                try await chat.converse("one", answer: "The first.")
                #expect(world.model.calls.last?.model == "claude-x")
                #expect(world.model.calls.last?.api == .anthropic)
                try await other.converse("two", answer: "The second.")
                #expect(world.model.calls.last?.model == "fake-model")
                #expect(world.model.calls.last?.api == .openAI)
            }
            try await world.running(settings) { _ in
                try await chat.converse("three", answer: "The third.")
                #expect(world.model.calls.last?.model == "claude-x")
                let shown = world.model.calls.last?.messages.map(\.content).joined(separator: "\n") ?? ""
                #expect(shown.contains("one") && shown.contains("The first.") && !shown.contains("two"))
                chat.command("model", "other-model")
                try await chat.reply(holding: "openai/other-model answers in this chat from now on")
                try await chat.converse("four", answer: "The fourth.")
                #expect(world.model.calls.last?.model == "other-model")
                chat.command("usage")
                try await chat.reply(holding: "openai/other-model: 10 + 5 in 1 request")
                try await chat.reply(holding: "anthropic/claude-x: 20 + 10 in 2 requests")
            }
            // Now nothing may be chosen any more.
            try await world.running { _ in
                try await chat.converse("five", answer: "The fifth.")
                #expect(world.model.calls.last?.model == "fake-model")
                chat.command("model")
                try await chat.reply(holding: "which was chosen for it, may not be chosen any more")
            }
        }
    }

    @Test func aChoiceThatFailsHasTheFallbacksBehindIt() async throws {
        try await AppWorld.with { world in
            let settings = [
                "model.choices": "anthropic/claude-x", "anthropic.apiKey": "sk-other",
                "anthropic.baseURL": try await world.model.baseURL(for: .anthropic),
                "model.fallbacks": "openai/spare-model",
            ]
            try await world.running(settings) { _ in
                let chat = TestChat(kind: .telegram, world: world)
                chat.command("model", "1")
                try await chat.reply(holding: "answers in this chat from now on")
                world.model.script(
                    .error(401, #"{"type":"error","error":{"type":"authentication_error","message":"bad key"}}"#),
                    ModelAnswer("In its place."))
                chat.say("hello")
                try await chat.reply(holding: "In its place.")
                #expect(world.model.calls.map(\.model) == ["claude-x", "spare-model"])
            }
        }
    }
}
