import BotCore

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
        var toolCalls: [Call]

        private struct Part: Decodable { var text: String? }
        private enum CodingKeys: String, CodingKey {
            case content, refusal, reasoning
            case reasoningContent = "reasoning_content"
            case reasoningDetails = "reasoning_details"
            case toolCalls = "tool_calls"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            let parts: [Part]? = container.lenient(.content)
            content = container.lenient(.content) ?? parts.map { $0.compactMap(\.text).joined() }
            refusal = container.lenient(.refusal)
            let thought: String? = container.lenient(.reasoning) ?? container.lenient(.reasoningContent)
            hasReasoning = thought?.isEmpty == false || container.contains(.reasoningDetails)
            toolCalls = container.lenient(.toolCalls) ?? []
        }
    }

    /// A call of a tool, or a piece of one.
    struct Call: Decodable {
        private struct Function: Decodable {
            var name: String?
            var arguments: String?
            private enum CodingKeys: String, CodingKey { case name, arguments }
            init(from decoder: any Decoder) throws {
                let container = try decoder.container(keyedBy: CodingKeys.self)
                name = container.lenient(.name)
                let object: JSONValue? = container.lenient(.arguments)
                // By the reference a text; some servers send the object itself.
                arguments =
                    container.lenient(.arguments) ?? object.flatMap(\.members).map { JSONText.text(.object($0)) }
            }
        }
        private enum CodingKeys: String, CodingKey { case index, id, function }

        /// Missing where a call comes whole.
        var index: Int?
        var id: String?
        var name: String?
        var arguments: String?

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            index = container.lenient(.index)
            id = container.lenient(.id)
            let function: Function? = container.lenient(.function)
            name = function?.name
            arguments = function?.arguments
        }
    }

    struct Usage: Decodable {
        private struct Details: Decodable {
            var cachedTokens: Int?
            private enum CodingKeys: String, CodingKey { case cachedTokens = "cached_tokens" }
            init(from decoder: any Decoder) throws {
                cachedTokens = try decoder.container(keyedBy: CodingKeys.self).tokens(.cachedTokens)
            }
        }

        var promptTokens: Int?
        var completionTokens: Int?
        var cachedTokens: Int?

        private enum CodingKeys: String, CodingKey {
            case promptTokens = "prompt_tokens"
            case completionTokens = "completion_tokens"
            case details = "prompt_tokens_details"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            promptTokens = container.tokens(.promptTokens)
            completionTokens = container.tokens(.completionTokens)
            let details: Details? = container.lenient(.details)
            cachedTokens = details?.cachedTokens
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
