import BotCore
import Foundation

/// Chat completions, as OpenAI, OpenRouter, Groq, DeepSeek, Mistral, llama.cpp, LM Studio and vLLM speak them.
struct OpenAIDialect: Dialect {
    var quirks: OpenAIQuirks

    init(baseURL: String) { quirks = OpenAIQuirks(baseURL: baseURL) }

    func headers(key: Secret?) -> [(name: String, value: String)] {
        key.map { [("Authorization", "Bearer \($0.exposed)")] } ?? []
    }

    var completionPath: String { "/chat/completions" }
    var streamType: String { "text/event-stream" }

    func body(of request: CompletionRequest, model: String) -> [UInt8] {
        JSONText.bytes(OpenAIRequestBody(request, model: model, quirks: quirks))
    }

    func makeDecoder() -> any AnswerDecoder { OpenAIAnswerDecoder() }

    var modelsPath: String { "/models" }

    func models(in body: [UInt8]) -> [ListedModel]? {
        JSONText.decode(OpenAIModelList.self, from: body)?.models
    }

    func entry(of model: String, in list: [ListedModel]) -> ListedModel? {
        OpenAIModelQuestions.entry(of: model, in: list)
    }

    func questions(about listed: ListedModel) -> [ModelQuestion] { OpenAIModelQuestions.all(about: listed) }

    func corrected(by complaint: String) -> (any Dialect)? {
        quirks.corrected(by: complaint).map { quirks in
            var other = self
            other.quirks = quirks
            return other
        }
    }
}
