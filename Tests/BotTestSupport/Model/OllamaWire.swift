import BotCore

/// Ollama's own API (Ollama API documentation, "Generate a chat completion").
struct OllamaWire: ModelWire {
    let streamType = "application/x-ndjson"

    mutating func reasoning(_ thought: String) -> String {
        line(["content": .string(""), "thinking": .string(thought)])
    }

    mutating func text(_ piece: String) -> String { line(["content": .string(piece)]) }

    mutating func toolCall(_ call: ToolCall, place: Int) -> String {
        line(["content": .string(""), "tool_calls": .array([Self.call(call)])])
    }

    mutating func end(_ finish: String, _ usage: TokenUsage?) -> String {
        var more: [String: JSONValue] = [
            "done": .bool(true), "done_reason": .string(finish == "length" ? "length" : "stop"),
            "total_duration": .integer(5_000_000),
        ]
        if let usage {
            more["prompt_eval_count"] = .integer(Int64(usage.promptTokens))
            more["eval_count"] = .integer(Int64(usage.completionTokens))
        }
        return line(["content": .string("")], more)
    }

    func failure(_ error: String) -> String { "{\"error\":\(error)}\n" }

    func messages(in body: [String: JSONValue]) -> [PromptMessage] {
        (body["messages"]?.list ?? []).compactMap { entry in
            guard let message = entry.members, let role = message["role"]?.string.flatMap(Role.init) else { return nil }
            let calls = (message["tool_calls"]?.list ?? []).compactMap { call -> ToolCall? in
                guard let function = call.members?["function"]?.members, let name = function["name"]?.string,
                    case .object(let arguments)? = function["arguments"]
                else { return nil }
                return ToolCall(id: "", name: name, arguments: JSONValue.object(arguments).text)
            }
            let images = (message["images"]?.list ?? []).compactMap(\.string).compactMap {
                PromptImage.decoded(mediaType: "", base64: $0)
            }
            return PromptMessage(
                role: role, content: message["content"]?.string ?? "", images: images, toolCalls: calls,
                toolCallID: message["tool_name"]?.string)
        }
    }

    private static func call(_ call: ToolCall) -> JSONValue {
        let function: [String: JSONValue] = ["name": .string(call.name), "arguments": .parsed(call.arguments)]
        return .object(["function": .object(function)])
    }

    private func line(_ message: [String: JSONValue], _ more: [String: JSONValue] = [:]) -> String {
        var members: [String: JSONValue] = [
            "model": .string("fake-model"), "created_at": .string("2026-11-23T07:00:00Z"), "done": .bool(false),
            "message": .object(message.merging(["role": .string("assistant")]) { $1 }),
        ]
        members.merge(more) { $1 }
        return JSONValue.object(members).text + "\n"
    }
}
