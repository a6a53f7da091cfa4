import BotCore
import BotTestSupport
import Testing

@testable import BotModels

@Suite(.timeLimit(.minutes(5)))
struct ModelTraitsTests {
    /// What servers of chat completions add to an entry of their lists.
    private static let entries: [(String, [String: JSONValue], ModelTraits)] = [
        (
            "OpenRouter",
            [
                "context_length": .integer(200_000),
                "top_provider": .object([
                    "context_length": .integer(131_072), "max_completion_tokens": .integer(16_384),
                ]),
                "architecture": .object(["input_modalities": .array([.string("text"), .string("image")])]),
                "supported_parameters": .array([.string("tools"), .string("temperature")]),
            ],
            ModelTraits(contextWindow: 131_072, maxOutputTokens: 16_384, seesImages: true, callsTools: true)
        ),
        (
            "Groq", ["context_window": .integer(131_072), "max_completion_tokens": .integer(32_768)],
            ModelTraits(contextWindow: 131_072, maxOutputTokens: 32_768)
        ),
        ("vLLM", ["max_model_len": .integer(4096)], ModelTraits(contextWindow: 4096)),
        (
            "Mistral",
            [
                "max_context_length": .integer(32_768),
                "capabilities": .object([
                    "completion_chat": .bool(true), "function_calling": .bool(true), "vision": .bool(false),
                ]),
            ],
            ModelTraits(contextWindow: 32_768, callsTools: true)
        ),
        (
            "LM Studio", ["max_context_length": .integer(131_072), "loaded_context_length": .integer(4096)],
            ModelTraits(contextWindow: 4096)
        ),
        (
            "llama.cpp", ["meta": .object(["n_ctx_train": .integer(131_072), "n_ctx": .integer(8000)])],
            ModelTraits(contextWindow: 8000)
        ),
        (
            "llama.cpp that does not say what is loaded", ["meta": .object(["n_ctx_train": .integer(131_072)])],
            ModelTraits(contextWindow: KnownModels.cautiousWindow)
        ),
        ("nothing", [:], ModelTraits(contextWindow: KnownModels.cautiousWindow)),
        (
            "nonsense",
            [
                "context_length": .string("long"), "meta": .array([]), "max_model_len": .integer(-1),
                "architecture": .null,
            ],
            ModelTraits(contextWindow: KnownModels.cautiousWindow)
        ),
    ]

    @Test(arguments: entries.indices)
    func readsWhatServersSay(place: Int) async throws {
        let (name, facts, traits) = Self.entries[place]
        try await ProviderFixture.with(model: "fake-model") { fixture in
            fixture.server.setFacts(facts)
            #expect(await fixture.provider.traits() == traits, "\(name)")
        }
    }

    @Test(arguments: [
        ("gpt-6.1-terra", ModelTraits(contextWindow: 400_000, seesImages: true, callsTools: true)),
        ("openai/gpt-4o-2024-11-20", ModelTraits(contextWindow: 128_000, seesImages: true, callsTools: true)),
        ("gpt-4", ModelTraits(contextWindow: 8192, callsTools: true)),
        ("claude-sonnet-4-5", ModelTraits(contextWindow: 200_000, seesImages: true, callsTools: true)),
        ("claude-sonnet-5-5", ModelTraits(contextWindow: 1_000_000, seesImages: true, callsTools: true)),
        ("gpt-oss:20b", ModelTraits(contextWindow: 8192)), ("llama3.2:3b", ModelTraits(contextWindow: 8192)),
    ])
    func knowsModelsByTheirNames(model: String, traits: ModelTraits) {
        #expect(KnownModels.traits(of: model, ListedModel.Facts(), contextWindow: nil) == traits)
    }

    @Test func theOwnersWordStandsAboveTheServers() async throws {
        try await ProviderFixture.with(model: "fake-model", contextWindow: 2000) { fixture in
            fixture.server.setFacts(["context_length": .integer(9000)])
            #expect(await fixture.provider.traits().contextWindow == 2000)
        }
    }

    @Test func asksOnceAndNotAtAllForAWhileAfterAFailure() async throws {
        let time = ManualTime()
        try await ProviderFixture.with(model: "fake-model", time: time) { fixture in
            fixture.server.setModels(nil)
            #expect(await fixture.provider.traits().contextWindow == KnownModels.cautiousWindow)
            fixture.server.setModels(["fake-model"])
            fixture.server.setFacts(["context_length": .integer(9000)])
            #expect(await fixture.provider.traits().contextWindow == KnownModels.cautiousWindow)
            time.advance(by: .seconds(300))
            #expect(await fixture.provider.traits().contextWindow == 9000)
            fixture.server.setFacts(["context_length": .integer(1)])
            #expect(await fixture.provider.traits().contextWindow == 9000)
        }
    }

    @Test func knowsAModelThatItHasChosenItself() async throws {
        try await ProviderFixture.with(model: "") { fixture in
            fixture.server.setModels(["gpt-6.1-terra"])
            for _ in 0..<2 { #expect(await fixture.provider.traits().contextWindow == 400_000) }
        }
    }

    @Test func asksAgainWhereTheQuestionWasBrokenOff() async throws {
        try await ProviderFixture.with(model: "fake-model", time: ManualTime()) { fixture in
            fixture.server.setFacts(["context_length": .integer(9000)])
            await withTaskGroup(of: Void.self) { group in
                group.cancelAll()
                group.addTask { _ = await fixture.provider.traits() }
            }
            #expect(await fixture.provider.traits().contextWindow == 9000)
        }
    }
}
