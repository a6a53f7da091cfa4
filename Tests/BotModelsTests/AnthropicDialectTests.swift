import BotCore
import BotTestSupport
import Testing

@testable import BotModels

/// What is peculiar to Anthropic's messages.
@Suite(.timeLimit(.minutes(5)))
struct AnthropicDialectTests {
    @Test func asksInTheWordsOfTheProtocol() async throws {
        try await ProviderFixture.with(.anthropic) { fixture in
            _ = await fixture.ask()
            let call = try #require(fixture.server.calls.first)
            #expect(call.apiKey == "sk-secret")
            #expect(call.authorization == nil)
            #expect(call.version == "2023-06-01")
            #expect(call.body["max_tokens"] == .integer(99))
        }
    }

    /// The JSON of a request, with its breakpoints.
    private func body(_ messages: [PromptMessage], system: String = "Be brief.") -> String {
        let request = CompletionRequest(system: system, messages: messages, maxOutputTokens: 9)
        return String(decoding: AnthropicDialect().body(of: request, model: "m"), as: UTF8.self)
    }

    @Test func keepsThePromptUpToTheNewestMessageInTheCache() {
        let talk = [
            PromptMessage(role: .user, content: "a"), PromptMessage(role: .assistant, content: "b"),
            PromptMessage(role: .user, content: "c\n\n<now>today</now>"),
        ]
        let text = body(talk)
        #expect(text.components(of: "cache_control") == 2)
        #expect(text.contains(#"{"cache_control":{"type":"ephemeral"},"text":"Be brief.","type":"text"}"#))
        #expect(text.contains(#"{"cache_control":{"type":"ephemeral"},"text":"b","type":"text"}"#))
        #expect(body([talk[0]], system: "").components(of: "cache_control") == 0)
    }

    @Test func whatTheNextRequestSharesStandsInFrontOfTheBreakpoint() throws {
        let first = [
            PromptMessage(role: .user, content: "a"), PromptMessage(role: .assistant, content: "b"),
            PromptMessage(role: .user, content: "c"),
        ]
        let second = first + [PromptMessage(role: .assistant, content: "d"), PromptMessage(role: .user, content: "e")]
        func messages(_ talk: [PromptMessage]) -> Substring {
            let text = body(talk)
            return text[(text.firstRange(of: "\"messages\":")?.upperBound ?? text.startIndex)...]
        }
        let shared = try #require(messages(first).firstRange(of: #""text":"b""#)?.upperBound)
        let plain = { (text: Substring) in text.replacing(#""cache_control":{"type":"ephemeral"},"#, with: "") }
        let prefix = plain(messages(first)[..<shared])
        #expect(!prefix.isEmpty)
        #expect(plain(messages(second)).hasPrefix(prefix))
    }

    @Test func joinsNeighboursAndLeavesOutEmptyTexts() {
        let text = body(
            [
                PromptMessage(role: .user, content: "a"), PromptMessage(role: .user, content: "b"),
                PromptMessage(role: .assistant, content: " "), PromptMessage(role: .user, content: "c"),
            ], system: "")
        #expect(text.components(of: #""role":"user""#) == 1)
        #expect(!text.contains("assistant"))
    }

    @Test(arguments: [
        (529, #"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#, ErrorClass.unavailable),
        (
            400,
            #"{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 9 tokens > 8"}}"#,
            .contextTooLong
        ),
        (
            400,
            #"{"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low"}}"#,
            .quotaExceeded
        ),
        (404, #"{"type":"error","error":{"type":"not_found_error","message":"model: claude-0"}}"#, .unknownModel),
        (
            401, #"{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}"#,
            .unauthorized
        ),
    ])
    func sortsRefusals(status: Int, body: String, expected: ErrorClass) async throws {
        try await ProviderFixture.with(.anthropic) { fixture in
            fixture.server.script(.error(status, body))
            #expect(await fixture.ask().result.errorClass == expected)
        }
    }

    @Test func believesWhatTheServerSaysOfAModel() async throws {
        try await ProviderFixture.with(.anthropic, model: "fake-model") { fixture in
            fixture.server.setFacts([
                "max_input_tokens": .integer(1_000_000), "max_tokens": .integer(128_000),
                "capabilities": .object(["image_input": .object(["supported": .bool(true)])]),
            ])
            #expect(
                await fixture.provider.traits()
                    == ModelTraits(contextWindow: 1_000_000, maxOutputTokens: 128_000, seesImages: true))
        }
    }
}

extension String {
    func components(of part: String) -> Int { ranges(of: part).count }
}
