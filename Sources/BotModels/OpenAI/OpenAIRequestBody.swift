import BotCore
import Foundation

/// The body of `POST /chat/completions` (OpenAI API reference, "Create chat completion").
struct OpenAIRequestBody: Encodable {
    struct Message: Encodable {
        let role: String
        let content: String
    }

    struct StreamOptions: Encodable {
        let includeUsage = true
        private enum CodingKeys: String, CodingKey { case includeUsage = "include_usage" }
    }

    let model: String
    let messages: [Message]
    let maxTokens: Int?
    let maxCompletionTokens: Int?
    let stream = true
    let streamOptions: StreamOptions?

    private enum CodingKeys: String, CodingKey {
        case model, messages, stream
        case maxTokens = "max_tokens"
        case maxCompletionTokens = "max_completion_tokens"
        case streamOptions = "stream_options"
    }

    init(_ request: CompletionRequest, model: String, quirks: OpenAIQuirks) {
        self.model = model
        let system = request.system.isEmpty ? [] : [Message(role: Role.system.rawValue, content: request.system)]
        messages = system + request.messages.map { Message(role: $0.role.rawValue, content: $0.content) }
        maxTokens = quirks.usesMaxCompletionTokens ? nil : request.maxOutputTokens
        maxCompletionTokens = quirks.usesMaxCompletionTokens ? request.maxOutputTokens : nil
        streamOptions = quirks.sendsStreamOptions ? StreamOptions() : nil
    }

    /// The body's bytes: the same request always gives the same ones, so that providers' prompt caches hit.
    func encoded() -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(self)).map { [UInt8]($0) } ?? []  // texts and whole numbers always encode
    }
}
