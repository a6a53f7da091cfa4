import BotCore
import BotStore
import BotTestSupport
import Testing

@testable import BotApp

/// A model that fails costs one plain sentence, never the chat.
@Suite(.timeLimit(.minutes(5)))
struct ModelFaultTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let answers: [ModelAnswer]
        /// What the chat is told.
        let said: String
        var calls = 1
        /// Only silence is to run into a deadline: on a busy machine any other model would, now and then.
        var firstTokenSeconds = 40
        var idleSeconds = 40

        static let text = "This is the beginning of an answer that never ends"
        static let all = [
            Fault(
                testDescription: "silence", answers: [.silence], said: "did not answer in time",
                firstTokenSeconds: 3),
            Fault(
                testDescription: "silence in the middle", answers: [ModelAnswer(text, ending: .stalled(after: 5))],
                said: "This is the beginni", idleSeconds: 3),
            Fault(
                testDescription: "a stream that is cut", answers: [ModelAnswer(text, ending: .cut(after: 5))],
                said: "(The answer was cut off"),
            Fault(
                testDescription: "401 that quotes the key",
                answers: [
                    .error(401, #"{"error":{"message":"Incorrect API key provided: sk-rig","code":"x-internal"}}"#)
                ],
                said: "does not accept my key"),
            Fault(
                testDescription: "429 that passes",
                answers: [.error(429, #"{"error":{"message":"slow down"}}"#, headers: [("Retry-After", "1")])],
                said: "You said: a question", calls: 2),
            Fault(
                testDescription: "500 with a page of HTML that passes", answers: [.error(500, "<html>oops</html>")],
                said: "You said: a question", calls: 2),
            Fault(
                testDescription: "503 for ever",
                answers: Array(repeating: .error(503, #"{"error":{"message":"down"}}"#), count: 9),
                said: "overloaded or down", calls: 4),
        ]
    }

    @Test("one plain sentence without internals, bounded calls, and the chat goes on", arguments: Fault.all)
    func saysIt(_ fault: Fault) async throws {
        try await AppWorld.with { world in
            let deadlines = [
                "model.firstTokenTimeoutSeconds": "\(fault.firstTokenSeconds)",
                "model.idleTimeoutSeconds": "\(fault.idleSeconds)",
            ]
            try await world.running(deadlines) { app in
                let chat = TestChat(kind: .telegram, world: world)
                for answer in fault.answers { world.model.script(answer) }
                chat.say("a question")
                try await chat.reply(holding: fault.said)
                try await app.untilAllIsHandled()
                #expect(chat.texts.count == 1)
                let said = chat.texts.joined()
                for internals in ["sk-rig", "x-internal", "HTTP", "html", "error", "127.0.0.1", "401", "503"] {
                    #expect(!said.contains(internals))
                }
                #expect(world.model.calls.count == fault.calls)
                world.model.endScript()
                try await chat.converse("and now?", answer: "Now it goes.")
                #expect(!world.log.contains("sk-rig"))
            }
        }
    }

    @Test("a model where nobody listens is asked a few times, then the chat is told")
    func isNotThere() async throws {
        try await AppWorld.with { world in
            let port = try HeldPort()
            try await world.running(["openai.baseURL": "http://127.0.0.1:\(port.number)/v1"]) { app in
                let chat = TestChat(kind: .discord, world: world)
                chat.say("a question")
                try await chat.reply(holding: "could not reach the model's service")
                try await app.untilAllIsHandled()
                #expect(chat.texts.count == 1)
                #expect(world.logLines("model is asked again").count <= 3)
            }
        }
    }
}
