import BotCore
import Foundation

/// The body of `POST /chat/completions` (OpenAI API reference, "Create chat completion").
struct OpenAIRequestBody: Encodable {
    struct Message: Encodable {
        let role: String
        let content: Content
        let toolCalls: [Call]?
        let toolCallID: String?

        private enum CodingKeys: String, CodingKey {
            case role, content
            case toolCalls = "tool_calls"
            case toolCallID = "tool_call_id"
        }

        init(_ message: PromptMessage) {
            role = message.role.rawValue
            content = message.images.isEmpty ? .text(message.content) : .parts(message.content, message.images)
            toolCalls = message.toolCalls.isEmpty ? nil : message.toolCalls.map(Call.init)
            toolCallID = message.toolCallID
        }
    }

    /// A text as it is, or as one of several parts.
    enum Content: Encodable {
        case text(String)
        case parts(String, [PromptImage])

        private enum CodingKeys: String, CodingKey {
            case type, text
            case imageURL = "image_url"
        }

        func encode(to encoder: any Encoder) throws {
            switch self {
            case .text(let text):
                var container = encoder.singleValueContainer()
                try container.encode(text)
            case .parts(let text, let images):
                var list = encoder.unkeyedContainer()
                for image in images {
                    var part = list.nestedContainer(keyedBy: CodingKeys.self)
                    try part.encode("image_url", forKey: .type)
                    let data = Data(image.bytes).base64EncodedString()
                    try part.encode(["url": "data:\(image.mediaType);base64,\(data)"], forKey: .imageURL)
                }
                guard !text.isEmpty else { return }
                var part = list.nestedContainer(keyedBy: CodingKeys.self)
                try part.encode("text", forKey: .type)
                try part.encode(text, forKey: .text)
            }
        }
    }

    struct Call: Encodable {
        struct Function: Encodable {
            let name: String
            let arguments: String
        }

        let id: String
        let type = "function"
        let function: Function

        init(_ call: ToolCall) {
            id = call.id
            // What is no JSON would be refused by some servers, in each request from then on.
            let isObject = JSONText.object(in: call.arguments) != nil
            function = Function(name: call.name, arguments: isObject ? call.arguments : "{}")
        }
    }

    struct Tool: Encodable {
        struct Function: Encodable {
            let name: String
            let description: String
            let parameters: JSONValue
        }

        let type = "function"
        let function: Function

        init(_ tool: ToolDescription) {
            function = Function(name: tool.name, description: tool.purpose, parameters: tool.parameters)
        }
    }

    struct StreamOptions: Encodable {
        let includeUsage = true
        private enum CodingKeys: String, CodingKey { case includeUsage = "include_usage" }
    }

    let model: String
    let messages: [Message]
    let tools: [Tool]?
    let toolChoice: String?
    let maxTokens: Int?
    let maxCompletionTokens: Int?
    let stream = true
    let streamOptions: StreamOptions?

    private enum CodingKeys: String, CodingKey {
        case model, messages, tools, stream
        case toolChoice = "tool_choice"
        case maxTokens = "max_tokens"
        case maxCompletionTokens = "max_completion_tokens"
        case streamOptions = "stream_options"
    }

    init(_ request: CompletionRequest, model: String, quirks: OpenAIQuirks) {
        self.model = model
        let system = request.system.isEmpty ? [] : [PromptMessage(role: .system, content: request.system)]
        messages = (system + request.messages).map(Message.init)
        tools = request.tools.isEmpty ? nil : request.tools.map(Tool.init)
        toolChoice = request.tools.isEmpty || request.mayCallTools ? nil : "none"
        maxTokens = quirks.usesMaxCompletionTokens ? nil : request.maxOutputTokens
        maxCompletionTokens = quirks.usesMaxCompletionTokens ? request.maxOutputTokens : nil
        streamOptions = quirks.sendsStreamOptions ? StreamOptions() : nil
    }
}
