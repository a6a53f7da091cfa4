import BotCore
import BotTestSupport
import Testing

@testable import BotModels

/// What servers on one's own machine say of their models beside the list of chat completions.
@Suite(.timeLimit(.minutes(5)))
struct LocalServerTraitsTests {
    private static let llamaCpp: JSONValue = .object([
        "id": .string("../models/llama.gguf"), "owned_by": .string("llamacpp"),
        "meta": .object(["n_ctx_train": .integer(131_072)]),
    ])

    private static func properties(_ more: [String: JSONValue]) -> JSONValue {
        let usual: [String: JSONValue] = [
            "default_generation_settings": .object(["id": .integer(0), "n_ctx": .integer(16_384)]),
            "total_slots": .integer(4), "chat_template": .string("{{ messages }}"),
            "chat_template_caps": .object(["supports_tools": .bool(true), "supports_tool_calls": .bool(true)]),
            "modalities": .object(["vision": .bool(true), "audio": .bool(false)]),
        ]
        return .object(usual.merging(more) { $1 })
    }

    /// Answers of llama.cpp's `GET /props`, and what they say.
    private static let answers: [(String, JSONValue, ModelTraits)] = [
        ("all", properties([:]), ModelTraits(contextWindow: 16_384, seesImages: true, callsTools: true)),
        (
            "a template that drops tools",
            properties(["chat_template_caps": .object(["supports_tools": .bool(false)])]),
            ModelTraits(contextWindow: 16_384, seesImages: true)
        ),
        (
            "an older one", properties(["chat_template_caps": .null, "modalities": .null]),
            ModelTraits(contextWindow: 16_384)
        ),
        (
            "nonsense",
            .object(["default_generation_settings": .object(["n_ctx": .integer(-1)]), "modalities": .array([])]),
            ModelTraits(contextWindow: KnownModels.cautiousWindow)
        ),
        ("a list", .array([]), ModelTraits(contextWindow: KnownModels.cautiousWindow)),
    ]

    @Test("llama.cpp says what a slot holds, and what its template and projector can do", arguments: answers.indices)
    func asksLlamaCpp(place: Int) async throws {
        let (name, properties, traits) = Self.answers[place]
        try await ProviderFixture.with(model: "any name") { fixture in
            fixture.server.setModels(["../models/llama.gguf"])
            fixture.server.setFacts(try #require(Self.llamaCpp.members))
            fixture.server.setPage("/props", properties)
            #expect(await fixture.provider.traits() == traits, "\(name)")
            #expect(
                fixture.server.questions == [
                    "/v1/models", "/props?model=..%2Fmodels%2Fllama.gguf&autoload=false",
                ])
        }
    }

    @Test func asksAgainOnceLlamaCppHasLoadedItsModel() async throws {
        let time = ManualTime()
        try await ProviderFixture.with(model: "deepseek-r1", time: time) { fixture in
            fixture.server.setModels(["deepseek-r1"])
            fixture.server.setFacts(["owned_by": .string("llamacpp"), "meta": .null])
            fixture.server.setPage("/props", status: 503, .object(["error": .string("Loading model")]))
            for _ in 0..<3 { #expect(await fixture.provider.traits().contextWindow == KnownModels.cautiousWindow) }
            #expect(fixture.server.questions.count == 2)
            fixture.server.setPage("/props", Self.properties([:]))
            time.advance(by: .seconds(300))
            for _ in 0..<3 { #expect(await fixture.provider.traits().contextWindow == 16_384) }
            #expect(fixture.server.questions.count == 4)
        }
    }

    @Test func asksAgainOnceARouterOfLlamaCppHasLoadedTheModel() async throws {
        let time = ManualTime()
        try await ProviderFixture.with(model: "b", time: time) { fixture in
            fixture.server.setModels(["a", "b"])
            fixture.server.setFacts([
                "owned_by": .string("llamacpp"), "status": .object(["value": .string("unloaded")]),
            ])
            fixture.server.setPage("/props", status: 400, .object([:]))
            #expect(await fixture.provider.traits().contextWindow == KnownModels.cautiousWindow)
            fixture.server.setFacts([
                "owned_by": .string("llamacpp"), "status": .object(["value": .string("loaded")]),
            ])
            fixture.server.setPage("/props", Self.properties([:]))
            time.advance(by: .seconds(300))
            #expect(await fixture.provider.traits().contextWindow == 16_384)
            #expect(fixture.server.questions.last == "/props?model=b&autoload=false")
        }
    }

    private static let studio: JSONValue = .object([
        "models": .array([
            .object([
                "type": .string("llm"), "key": .string("google/gemma-3-4b"),
                "loaded_instances": .array([
                    .object(["id": .string("gemma"), "config": .object(["context_length": .integer(4096)])]),
                    .object(["id": .string("gemma:2"), "config": .object(["context_length": .integer(2048)])]),
                ]),
                "max_context_length": .integer(131_072),
                "capabilities": .object(["vision": .bool(true), "trained_for_tool_use": .bool(false)]),
            ]),
            .object([
                "type": .string("llm"), "key": .string("mistral-small"), "loaded_instances": .array([]),
                "max_context_length": .integer(32_768),
                "capabilities": .object(["vision": .bool(false), "trained_for_tool_use": .bool(true)]),
            ]),
        ])
    ])

    @Test(
        "LM Studio says what a model was loaded for, and not what it could be",
        arguments: [
            ("gemma", ModelTraits(contextWindow: 4096, seesImages: true)),
            ("google/gemma-3-4b", ModelTraits(contextWindow: 2048, seesImages: true)),
            ("mistral-small", ModelTraits(contextWindow: KnownModels.cautiousWindow, callsTools: true)),
        ])
    func asksLMStudio(model: String, traits: ModelTraits) async throws {
        try await ProviderFixture.with(model: model) { fixture in
            fixture.server.setModels([model])
            fixture.server.setFacts(["owned_by": .string("organization_owner")])
            fixture.server.setPage("/api/v1/models", Self.studio)
            #expect(await fixture.provider.traits() == traits)
            #expect(fixture.server.questions == ["/v1/models", "/api/v1/models"])
        }
    }

    @Test func asksAnOlderLMStudioInItsOwnWay() async throws {
        try await ProviderFixture.with(model: "qwen2-vl-7b-instruct") { fixture in
            fixture.server.setModels(["qwen2-vl-7b-instruct"])
            fixture.server.setFacts(["owned_by": .string("organization_owner")])
            // Some versions answer what they do not know with 200.
            fixture.server.setPage("/api/v1/models", .object(["error": .string("Unexpected endpoint or method.")]))
            let model: [String: JSONValue] = [
                "id": .string("qwen2-vl-7b-instruct"), "object": .string("model"), "type": .string("vlm"),
                "state": .string("loaded"), "max_context_length": .integer(32_768),
                "loaded_context_length": .integer(6000), "capabilities": .array([.string("tool_use")]),
            ]
            fixture.server.setPage("/api/v0/models", .object(["data": .array([.object(model)])]))
            #expect(
                await fixture.provider.traits()
                    == ModelTraits(contextWindow: 6000, seesImages: true, callsTools: true))
        }
    }

    @Test("a server that does not know the questions is asked each of them once", arguments: [200, 404, 500])
    func asksNobodyTwice(status: Int) async throws {
        let time = ManualTime()
        try await ProviderFixture.with(model: "fake-model", time: time) { fixture in
            fixture.server.setFacts([
                "owned_by": .string("organization_owner"), "context_length": .integer(9000),
            ])
            for path in ["/api/v0/models", "/api/v1/models"] {
                fixture.server.setPage(path, status: status, .object(["error": .string("what?")]))
            }
            for _ in 0..<5 { #expect(await fixture.provider.traits().contextWindow == 9000) }
            #expect(fixture.server.questions == ["/v1/models", "/api/v1/models", "/api/v0/models"])
        }
    }

    @Test(arguments: ["tests", "vllm", "openai"])
    func asksNobodyElse(owner: String) async throws {
        try await ProviderFixture.with(model: "fake-model") { fixture in
            fixture.server.setFacts(["owned_by": .string(owner), "max_model_len": .integer(9000)])
            #expect(await fixture.provider.traits().contextWindow == 9000)
            #expect(fixture.server.questions == ["/v1/models"])
        }
    }
}
