import BotCore

/// Anthropic's Messages API.
struct AnthropicDialect: Dialect {
    /// The version of the API that this was written for (Anthropic API reference, "Versions").
    private static let version = "2023-06-01"

    func headers(key: Secret?) -> [(name: String, value: String)] {
        [("anthropic-version", Self.version)] + (key.map { [("x-api-key", $0.exposed)] } ?? [])
    }

    var completionPath: String { "/v1/messages" }
    var streamType: String { "text/event-stream" }

    func body(of request: CompletionRequest, model: String) -> [UInt8] {
        JSONText.bytes(AnthropicRequestBody(request, model: model))
    }

    func makeDecoder() -> any AnswerDecoder { AnthropicAnswerDecoder() }

    var modelsPath: String { "/v1/models?limit=1000" }

    func models(in body: [UInt8]) -> [ListedModel]? {
        JSONText.decode(AnthropicModelList.self, from: body)?.models
    }
}
