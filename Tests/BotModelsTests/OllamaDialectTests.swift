import BotCore
import BotTestSupport
import Testing

@testable import BotModels

/// What is peculiar to Ollama's own API.
@Suite(.timeLimit(.minutes(5)))
struct OllamaDialectTests {
    @Test func loadsTheModelForAllThatARequestNeeds() async throws {
        try await ProviderFixture.with(.ollama) { fixture in
            _ = await fixture.ask()
            let call = try #require(fixture.server.calls.first)
            // 9,000 are needed; the step keeps the model loaded when the settings change a little.
            #expect(call.body["options"] == .object(["num_ctx": .integer(10_240), "num_predict": .integer(99)]))
        }
    }

    @Test(arguments: [(4096, 4096), (131_072, 10_240)])
    func theWindowIsTheSmallerOfTheModelsAndTheLoadedOne(own: Int64, window: Int) async throws {
        try await ProviderFixture.with(.ollama) { fixture in
            fixture.server.setFacts([
                "capabilities": .array([.string("completion"), .string("tools"), .string("vision")]),
                "model_info": .object([
                    "general.architecture": .string("llama"), "llama.context_length": .integer(own),
                ]),
            ])
            #expect(
                await fixture.provider.traits()
                    == ModelTraits(contextWindow: window, seesImages: true, callsTools: true))
        }
    }

    @Test func aModelThatIsNotThereIsUnknown() async throws {
        try await ProviderFixture.with(.ollama) { fixture in
            fixture.server.script(.error(404, #"{"error":"model \"m\" not found, try pulling it first"}"#))
            #expect(await fixture.ask().result.errorClass == .unknownModel)
        }
    }

    @Test func takesTheBestKnownModelThatIsThere() async throws {
        try await ProviderFixture.with(.ollama, model: "") { fixture in
            fixture.server.setModels(["nomic-embed-text:latest", "llama3.2:3b", "qwen3:8b"])
            #expect(await fixture.ask().result.value?.model == "fake/qwen3:8b")
        }
    }
}
