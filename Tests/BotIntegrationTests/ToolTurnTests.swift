import BotCore
import BotTestSupport
import Testing

@testable import BotApp

/// Tools as people meet them: a whole bot, and a model server that calls some over the wire.
@Suite(.timeLimit(.minutes(5)))
struct ToolTurnTests {
    private static func calling(_ name: String, _ arguments: String, saying text: String = "") -> ModelAnswer {
        var answer = ModelAnswer(text, ending: .whole(finish: "tool_calls"))
        answer.toolCalls = [ToolCall(id: "call_A/1", name: name, arguments: arguments)]
        return answer
    }

    @Test(arguments: TestChat.Kind.direct)
    func aModelCalculatesAndSearchesItsChat(_ kind: TestChat.Kind) async throws {
        try await AppWorld.with { world in
            world.model.setFacts(["supported_parameters": .array([.string("tools")])])
            world.model.setModels(["fake-model"])
            let chat = TestChat(kind: kind, world: world)
            try await world.running { _ in
                try await chat.converse("My boat is called Albatross.", answer: "Noted.")
                world.model.script(
                    Self.calling("calculator", #"{"expression": "12 * 12"}"#, saying: "Let me see."),
                    Self.calling("search_history", #"{"words": "boat"}"#), ModelAnswer("Done: 144, and Albatross."))
                chat.say("What is 12 times 12, and what is my boat called?")
                try await chat.reply(holding: "Let me see.\n\nDone: 144, and Albatross.")
                let calls = world.model.calls.suffix(3)
                let results = calls.map { $0.messages.filter { $0.role == .tool }.map(\.content) }
                #expect(results.map(\.count) == [0, 1, 2])
                #expect(results.last?.first == "144")
                #expect(results.last?.last?.contains("My boat is called Albatross.") == true)
                #expect(calls.allSatisfy { $0.body["tools"] != nil })
                // The prompt only grows, so that the provider's cache holds its beginning.
                let prompts = calls.map(\.messages)
                for (shorter, longer) in zip(prompts, prompts.dropFirst()) {
                    #expect(Array(longer.prefix(shorter.count)).map(\.content) == shorter.map(\.content))
                }
                chat.command("usage")
                try await chat.reply(holding: "in 4 requests")
            }
        }
    }

    @Test func theOwnerCanSwitchToolsOff() async throws {
        try await AppWorld.with { world in
            world.model.setFacts(["supported_parameters": .array([.string("tools")])])
            world.model.setModels(["fake-model"])
            let chat = TestChat(kind: .telegram, world: world)
            try await world.running(["model.tools": "false"]) { _ in
                try await chat.converse("hello", answer: "Hi.")
                #expect(world.model.calls.last?.body["tools"] == nil)
            }
        }
    }
}
