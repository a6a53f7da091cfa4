import BotCore

/// Ollama's own API, which, other than its OpenAI-compatible one, lets the request say how long a context the model is loaded with: what is
/// beyond that, 4,096 tokens unless told otherwise, Ollama cuts off in silence.
struct OllamaDialect: Dialect {
    /// The tokens that prompts and answers need; rounded up, so that a small change of the settings does not load the model anew.
    let neededContext: Int

    private static let step = 2048
    /// No model has a longer context.
    private static let longest = 1 << 40

    func headers(key: Secret?) -> [(name: String, value: String)] {
        // A server behind a proxy may want one.
        key.map { [("Authorization", "Bearer \($0.exposed)")] } ?? []
    }

    var completionPath: String { "/api/chat" }
    var streamType: String { "application/x-ndjson" }

    /// The tokens that the model is loaded for.
    var contextLength: Int { (min(neededContext, Self.longest) + Self.step - 1) / Self.step * Self.step }

    func body(of request: CompletionRequest, model: String) -> [UInt8] {
        JSONText.bytes(OllamaRequestBody(request, model: model, contextLength: contextLength))
    }

    func makeDecoder() -> any AnswerDecoder { OllamaAnswerDecoder() }

    var modelsPath: String { "/api/tags" }

    func models(in body: [UInt8]) -> [ListedModel]? {
        JSONText.decode(OllamaModelList.self, from: body)?.models.map { ListedModel(id: $0.name) }
    }

    func question(about model: String) -> ModelQuestion? {
        let loaded = contextLength
        return ModelQuestion(place: .base("/api/show"), body: JSONText.bytes(["model": model])) { body in
            JSONText.decode(OllamaModelDetails.self, from: body)?.facts(loadedFor: loaded)
        }
    }
}

/// The answer to `GET /api/tags` (Ollama API documentation, "List Local Models").
private struct OllamaModelList: Decodable {
    struct Model: Decodable { let name: String }
    let models: [Model]
}

/// The answer to `POST /api/show` (Ollama API documentation, "Show Model Information").
private struct OllamaModelDetails: Decodable {
    private enum CodingKeys: String, CodingKey {
        case capabilities
        case modelInfo = "model_info"
    }

    private let capabilities: [String]?
    /// Keys begin with the name of the model's architecture.
    private let modelInfo: [String: JSONValue]?

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        capabilities = container.lenient(.capabilities)
        modelInfo = container.lenient(.modelInfo)
    }

    func facts(loadedFor loaded: Int) -> ListedModel.Facts {
        var facts = ListedModel.Facts()
        let own = modelInfo?.first { $0.key.hasSuffix(".context_length") }?.value
        facts.contextWindow = loaded
        if case .integer(let length) = own, length > 0 { facts.contextWindow = min(loaded, Int(clamping: length)) }
        facts.seesImages = capabilities?.contains("vision")
        facts.callsTools = capabilities?.contains("tools")
        facts.chats = capabilities?.contains("completion")
        return facts
    }
}
