import BotCore

/// One event of a streamed answer (Anthropic API reference, "Streaming messages").
struct AnthropicEvent: Decodable {
    struct Usage: Decodable {
        private enum CodingKeys: String, CodingKey {
            case input = "input_tokens"
            case created = "cache_creation_input_tokens"
            case read = "cache_read_input_tokens"
            case output = "output_tokens"
        }

        var input: Int?
        var created: Int?
        var read: Int?
        var output: Int?

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            input = container.tokens(.input)
            created = container.tokens(.created)
            read = container.tokens(.read)
            output = container.tokens(.output)
        }

        /// `input_tokens` are those beside the cached ones; all of them are the prompt.
        var event: AnswerEvent {
            .usage(prompt: input.map { $0 + (created ?? 0) + (read ?? 0) }, completion: output, cached: read)
        }
    }

    struct Message: Decodable {
        private enum CodingKeys: String, CodingKey { case usage }

        var usage: Usage?

        init(from decoder: any Decoder) throws {
            usage = try decoder.container(keyedBy: CodingKeys.self).lenient(.usage)
        }
    }

    struct Block: Decodable {
        private enum CodingKeys: String, CodingKey { case type, text, id, name }

        var type: String
        var text: String?
        var id: String?
        var name: String?

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            type = container.lenient(.type) ?? ""
            text = container.lenient(.text)
            id = container.lenient(.id)
            name = container.lenient(.name)
        }
    }

    struct Delta: Decodable {
        private enum CodingKeys: String, CodingKey {
            case type, text
            case partialJSON = "partial_json"
            case stopReason = "stop_reason"
        }

        var type: String
        var text: String?
        var partialJSON: String?
        var stopReason: String?

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            type = container.lenient(.type) ?? ""
            text = container.lenient(.text)
            partialJSON = container.lenient(.partialJSON)
            stopReason = container.lenient(.stopReason)
        }
    }

    private enum CodingKeys: String, CodingKey {
        case type, index, message, delta, usage, error
        case block = "content_block"
    }

    var type: String
    var index: Int?
    var message: Message?
    var block: Block?
    var delta: Delta?
    var usage: Usage?
    var error: ErrorDetail?

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        type = container.lenient(.type) ?? ""
        index = container.lenient(.index)
        message = container.lenient(.message)
        block = container.lenient(.block)
        delta = container.lenient(.delta)
        usage = container.lenient(.usage)
        error = container.lenient(.error)
    }
}
