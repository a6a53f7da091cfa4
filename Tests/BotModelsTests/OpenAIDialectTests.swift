import BotCore
import BotModels
import BotTestSupport
import Testing

/// What is peculiar to chat completions.
@Suite(.timeLimit(.minutes(5)))
struct OpenAIDialectTests {
    @Test func asksInTheWordsOfTheProtocol() async throws {
        try await ProviderFixture.with { fixture in
            _ = await fixture.ask()
            let call = try #require(fixture.server.calls.first)
            #expect(call.authorization == "Bearer sk-secret")
            #expect(call.body["stream_options"] == .object(["include_usage": .bool(true)]))
            #expect(call.body["max_tokens"] == .integer(99))
            #expect(call.body["max_completion_tokens"] == nil)
        }
    }

    @Test func takesAnAnswerThatIsNotStreamed() async throws {
        try await ProviderFixture.with { fixture in
            var answer = ModelAnswer("All at once")
            answer.isStreamed = false
            fixture.server.script(answer)
            let (pieces, result) = await fixture.ask()
            #expect(pieces == ["All at once"])
            #expect(result.value?.finishReason == .stop)
            #expect(result.value?.usage?.promptTokens == 10)
        }
    }

    @Test func learnsWhichParametersAServerRefuses() async throws {
        try await ProviderFixture.with { fixture in
            fixture.server.script(
                .error(400, #"{"error":{"message":"Unrecognized argument: stream_options"}}"#),
                .error(400, #"{"error":{"message":"Use 'max_completion_tokens' instead of 'max_tokens'"}}"#),
                ModelAnswer("Fine"), ModelAnswer("Again"))
            #expect(await fixture.ask().result.value?.text == "Fine")
            #expect(await fixture.ask().result.value?.text == "Again")
            let calls = fixture.server.calls
            #expect(calls.count == 4)
            #expect(calls[1].body["stream_options"] == nil)
            #expect(calls[2].body["max_completion_tokens"] == .integer(99))
            #expect(calls[2].body["max_tokens"] == nil)
            // What was learnt is remembered.
            #expect(calls[3].body == calls[2].body)
        }
    }

    @Test func givesUpOnAServerThatRefusesEverything() async throws {
        try await ProviderFixture.with { fixture in
            fixture.server.setFallback { _ in
                .error(400, #"{"error":{"message":"no stream_options, no max_completion_tokens"}}"#)
            }
            #expect(await fixture.ask().result.errorClass == .badRequest)
            #expect(fixture.server.calls.count == 3)
        }
    }

    @Test func takesTheBestKnownModelWhenNoneIsNamed() async throws {
        try await ProviderFixture.with(model: "") { fixture in
            fixture.server.setModels(["text-embedding-3-large", "llama3.2:3b", "gpt-4o-mini", "gpt-4o"])
            #expect(await fixture.ask().result.value?.model == "fake/gpt-4o")
            #expect(fixture.provider.name == "fake/gpt-4o")
            #expect(fixture.server.calls.first?.model == "gpt-4o")
        }
    }

    @Test(arguments: [[], ["text-embedding-3-large"]])
    func saysWhenThereIsNoModel(models: [String]) async throws {
        try await ProviderFixture.with(model: "") { fixture in
            fixture.server.setModels(models)
            #expect(await fixture.ask().result.errorClass == .unknownModel)
            #expect(fixture.server.calls.isEmpty)
        }
    }
}
