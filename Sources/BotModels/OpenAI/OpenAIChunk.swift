/// One event of a streamed answer, or a whole one (OpenAI API reference, "The chat completion chunk object"). Servers that
/// speak this protocol leave out, add and misspell much, so whatever cannot be read counts as not there.
struct OpenAIChunk: Decodable {
    struct Choice: Decodable {
        var delta: Message?
        var message: Message?
        var finishReason: String?

        private enum CodingKeys: String, CodingKey {
            case delta, message
            case finishReason = "finish_reason"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            delta = container.lenient(.delta)
            message = container.lenient(.message)
            finishReason = container.lenient(.finishReason)
        }
    }

    struct Message: Decodable {
        var content: String?
        var refusal: String?
        /// Whether the model thought aloud; the thoughts are not shown.
        var hasReasoning: Bool

        private struct Part: Decodable { var text: String? }
        private enum CodingKeys: String, CodingKey {
            case content, refusal, reasoning
            case reasoningContent = "reasoning_content"
            case reasoningDetails = "reasoning_details"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            let parts: [Part]? = container.lenient(.content)
            content = container.lenient(.content) ?? parts.map { $0.compactMap(\.text).joined() }
            refusal = container.lenient(.refusal)
            let thought: String? = container.lenient(.reasoning) ?? container.lenient(.reasoningContent)
            hasReasoning = thought?.isEmpty == false || container.contains(.reasoningDetails)
        }
    }

    struct Usage: Decodable {
        private struct Details: Decodable {
            var cachedTokens: Int?
            private enum CodingKeys: String, CodingKey { case cachedTokens = "cached_tokens" }
        }

        var promptTokens: Int
        var completionTokens: Int
        var cachedTokens: Int

        private enum CodingKeys: String, CodingKey {
            case promptTokens = "prompt_tokens"
            case completionTokens = "completion_tokens"
            case details = "prompt_tokens_details"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            promptTokens = try container.decode(Int.self, forKey: .promptTokens)
            completionTokens = container.lenient(.completionTokens) ?? 0
            let details: Details? = container.lenient(.details)
            cachedTokens = details?.cachedTokens ?? 0
        }
    }

    var choices: [Choice]
    var usage: Usage?
    var error: ErrorDetail?

    private enum CodingKeys: String, CodingKey { case choices, usage, error }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        choices = container.lenient(.choices) ?? []
        usage = container.lenient(.usage)
        error = container.lenient(.error)
    }
}

/// The `error` of an answer: an object, or just a text.
struct ErrorDetail: Decodable, Equatable {
    var message: String
    var type: String
    /// A word at some servers, the HTTP status at others.
    var code: String

    private enum CodingKeys: String, CodingKey { case message, type, code }

    init(message: String, type: String = "", code: String = "") {
        (self.message, self.type, self.code) = (message, type, code)
    }

    init(from decoder: any Decoder) throws {
        let single = try decoder.singleValueContainer()
        // A text is not an object; then it is the message.
        if let text = try? single.decode(String.self) {
            self.init(message: text)
            return
        }
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let number: Int? = container.lenient(.code)
        self.init(
            message: container.lenient(.message) ?? "", type: container.lenient(.type) ?? "",
            code: container.lenient(.code) ?? number.map { "\($0)" } ?? "")
    }
}

extension KeyedDecodingContainer {
    /// The value of a key, or nil when it is missing, null or of another type.
    func lenient<Value: Decodable>(_ key: Key) -> Value? {
        // What cannot be read counts as not there: see `OpenAIChunk`.
        try? decodeIfPresent(Value.self, forKey: key)
    }
}
