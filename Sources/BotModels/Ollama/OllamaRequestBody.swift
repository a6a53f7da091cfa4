import BotCore
import Foundation

/// The body of `POST /api/chat` (Ollama API documentation, "Generate a chat completion").
struct OllamaRequestBody: Encodable {
    struct Message: Encodable {
        struct Call: Encodable {
            struct Function: Encodable {
                let name: String
                let arguments: [String: JSONValue]
            }
            let function: Function
        }

        let role: String
        let content: String
        let images: [String]?
        let toolCalls: [Call]?
        let toolName: String?

        private enum CodingKeys: String, CodingKey {
            case role, content, images
            case toolCalls = "tool_calls"
            case toolName = "tool_name"
        }
    }

    struct Options: Encodable {
        let contextLength: Int?
        let longestAnswer: Int

        private enum CodingKeys: String, CodingKey {
            case contextLength = "num_ctx"
            case longestAnswer = "num_predict"
        }
    }

    let model: String
    let messages: [Message]
    let tools: [OpenAIRequestBody.Tool]?
    let options: Options
    let stream = true

    init(_ request: CompletionRequest, model: String, contextLength: Int?) {
        self.model = model
        let system = request.system.isEmpty ? [] : [PromptMessage(role: .system, content: request.system)]
        messages = Self.messages(system + request.messages)
        // The same form as in chat completions. Nothing forbids a model here to call a tool, but that it knows of none.
        tools = request.tools.isEmpty || !request.mayCallTools ? nil : request.tools.map(OpenAIRequestBody.Tool.init)
        options = Options(contextLength: contextLength, longestAnswer: request.maxOutputTokens)
    }

    /// Results name their tool here and not their call.
    private static func messages(_ messages: [PromptMessage]) -> [Message] {
        var names: [String: String] = [:]
        return messages.map { message in
            for call in message.toolCalls { names[call.id] = call.name }
            let calls = message.toolCalls.map { call in
                let arguments = JSONText.object(in: call.arguments) ?? [:]
                return Message.Call(function: Message.Call.Function(name: call.name, arguments: arguments))
            }
            return Message(
                role: message.role.rawValue, content: message.content,
                images: message.images.isEmpty ? nil : message.images.map { Data($0.bytes).base64EncodedString() },
                toolCalls: calls.isEmpty ? nil : calls, toolName: message.toolCallID.flatMap { names[$0] })
        }
    }
}
