import BotCore
import Foundation

/// The body of `POST /v1/messages` (Anthropic API reference, "Create a Message").
struct AnthropicRequestBody: Encodable {
    struct CacheControl: Encodable {
        let type = "ephemeral"
    }

    struct Message: Encodable {
        let role: String
        var content: [Block]
    }

    struct Block: Encodable {
        enum Body {
            case text(String)
            case image(PromptImage)
            case toolUse(ToolCall)
            case toolResult(id: String, text: String)
        }

        private enum CodingKeys: String, CodingKey {
            case type, text, source, id, name, input, content, data
            case mediaType = "media_type"
            case toolUseID = "tool_use_id"
            case cacheControl = "cache_control"
        }

        let body: Body
        /// Whether the prompt up to here is worth keeping for the next request.
        var isBreakpoint = false

        func encode(to encoder: any Encoder) throws {
            var block = encoder.container(keyedBy: CodingKeys.self)
            switch body {
            case .text(let text):
                try block.encode("text", forKey: .type)
                try block.encode(text, forKey: .text)
            case .image(let image):
                try block.encode("image", forKey: .type)
                var source = block.nestedContainer(keyedBy: CodingKeys.self, forKey: .source)
                try source.encode("base64", forKey: .type)
                try source.encode(image.mediaType, forKey: .mediaType)
                try source.encode(Data(image.bytes).base64EncodedString(), forKey: .data)
            case .toolUse(let call):
                try block.encode("tool_use", forKey: .type)
                try block.encode(AnthropicRequestBody.id(call.id), forKey: .id)
                try block.encode(call.name, forKey: .name)
                // What is no object would be refused, in each request from then on.
                try block.encode(JSONText.object(in: call.arguments) ?? [:], forKey: .input)
            case .toolResult(let id, let text):
                try block.encode("tool_result", forKey: .type)
                try block.encode(AnthropicRequestBody.id(id), forKey: .toolUseID)
                try block.encode(text, forKey: .content)
            }
            if isBreakpoint { try block.encode(CacheControl(), forKey: .cacheControl) }
        }
    }

    struct Tool: Encodable {
        let name: String
        let description: String
        let inputSchema: JSONValue

        private enum CodingKeys: String, CodingKey {
            case name, description
            case inputSchema = "input_schema"
        }
    }

    let model: String
    let maxTokens: Int
    let system: [Block]?
    let messages: [Message]
    let tools: [Tool]?
    let toolChoice: [String: String]?
    let stream = true

    private enum CodingKeys: String, CodingKey {
        case model, system, messages, tools, stream
        case maxTokens = "max_tokens"
        case toolChoice = "tool_choice"
    }

    init(_ request: CompletionRequest, model: String) {
        self.model = model
        maxTokens = request.maxOutputTokens
        // The tools come before it, so that its breakpoint holds them too.
        system = request.system.isEmpty ? nil : [Block(body: .text(request.system), isBreakpoint: true)]
        messages = Self.withBreakpoint(Self.messages(request.messages))
        tools =
            request.tools.isEmpty
            ? nil
            : request.tools.map { Tool(name: $0.name, description: $0.purpose, inputSchema: $0.parameters) }
        toolChoice = request.tools.isEmpty || request.mayCallTools ? nil : ["type": "none"]
    }

    /// The messages with their neighbours of one role joined: results of tools are the user's here.
    private static func messages(_ messages: [PromptMessage]) -> [Message] {
        var joined: [Message] = []
        for message in messages {
            let role = message.role == .assistant ? "assistant" : "user"
            let blocks = blocks(of: message)
            if joined.last?.role == role {
                joined[joined.count - 1].content += blocks
            } else if !blocks.isEmpty {
                joined.append(Message(role: role, content: blocks))
            }
        }
        return joined
    }

    private static func blocks(of message: PromptMessage) -> [Block] {
        if message.role == .tool {
            return [Block(body: .toolResult(id: message.toolCallID ?? "", text: message.content))]
        }
        // Empty texts are refused.
        let isBlank = message.content.allSatisfy(\.isWhitespace)
        return message.images.map { Block(body: .image($0)) }
            + (isBlank ? [] : [Block(body: .text(message.content))])
            + message.toolCalls.map { Block(body: .toolUse($0)) }
    }

    /// What stands before the newest message of the user is the same in the next request, which adds to it; the newest one is not: the
    /// date and what is recalled stand in it, and go with the turn (Anthropic documentation, "Prompt caching").
    private static func withBreakpoint(_ messages: [Message]) -> [Message] {
        var messages = messages
        guard let place = messages.dropLast().indices.last, let last = messages[place].content.indices.last else {
            return messages
        }
        messages[place].content[last].isBreakpoint = true
        return messages
    }

    /// An id as this API takes it; those of other providers may hold other characters.
    static func id(_ id: String) -> String {
        let allowed = id.unicodeScalars.map { scalar -> Character in
            let isAllowed =
                ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
                || scalar == "-" || scalar == "_"
            return isAllowed ? Character(scalar) : "_"
        }
        return allowed.isEmpty ? "_" : String(allowed)
    }
}
