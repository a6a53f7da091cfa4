import BotCore

/// OpenAI's chat completions (OpenAI API reference, "Chat", with "The chat completion chunk object").
struct OpenAIWire: ModelWire {
    let streamType = "text/event-stream"

    mutating func begin(_ answer: ModelAnswer) -> String {
        event(["role": .string("assistant"), "content": .string("")])
    }

    mutating func reasoning(_ thought: String) -> String { event(["reasoning_content": .string(thought)]) }

    mutating func text(_ piece: String) -> String { event(["content": .string(piece)]) }

    mutating func toolCall(_ call: ToolCall, place: Int) -> String {
        // The head of a call, then its arguments in two pieces.
        let middle = call.arguments.index(call.arguments.startIndex, offsetBy: call.arguments.count / 2)
        let pieces = [call.arguments[..<middle], call.arguments[middle...]]
        let head = Self.call(call, arguments: "", index: place)
        let parts = pieces.map { piece in
            JSONValue.object([
                "index": .integer(Int64(place)), "function": .object(["arguments": .string(String(piece))]),
            ])
        }
        return ([head] + parts).map { event(["tool_calls": .array([$0])]) }.joined()
    }

    mutating func end(_ finish: String, _ usage: TokenUsage?) -> String {
        event([:], finish: finish)
            + (usage.map { event(choices: [], ["usage": Self.json($0)]) } ?? "")
            + "data: [DONE]\n\n"
    }

    func failure(_ error: String) -> String { "data: {\"error\":\(error)}\n\n" }

    func whole(_ answer: ModelAnswer) -> String? {
        var message: [String: JSONValue] = ["role": .string("assistant"), "content": .string(answer.text)]
        if !answer.toolCalls.isEmpty {
            message["tool_calls"] = .array(answer.toolCalls.map { Self.call($0, arguments: $0.arguments, index: nil) })
        }
        let choice: [String: JSONValue] = [
            "index": .integer(0), "message": .object(message), "finish_reason": .string("stop"),
        ]
        var members = Self.envelope("chat.completion")
        members["choices"] = .array([.object(choice)])
        if let usage = answer.usage { members["usage"] = Self.json(usage) }
        return JSONValue.object(members).text
    }

    func messages(in body: [String: JSONValue]) -> [PromptMessage] {
        (body["messages"]?.list ?? []).compactMap { entry in
            guard let message = entry.members, let role = message["role"]?.string.flatMap(Role.init) else { return nil }
            let parts = message["content"]?.list ?? []
            let calls = (message["tool_calls"]?.list ?? []).compactMap { call -> ToolCall? in
                guard let id = call.members?["id"]?.string, let function = call.members?["function"]?.members,
                    let name = function["name"]?.string, let arguments = function["arguments"]?.string
                else { return nil }
                return ToolCall(id: id, name: name, arguments: arguments)
            }
            return PromptMessage(
                role: role,
                content: message["content"]?.string ?? parts.compactMap { $0.members?["text"]?.string }.joined(),
                images: parts.compactMap { Self.image($0) }, toolCalls: calls,
                toolCallID: message["tool_call_id"]?.string)
        }
    }

    private static func image(_ part: JSONValue) -> PromptImage? {
        guard let url = part.members?["image_url"]?.members?["url"]?.string, url.hasPrefix("data:") else { return nil }
        let parts = url.dropFirst(5).split(separator: ";base64,", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        return PromptImage.decoded(mediaType: String(parts[0]), base64: String(parts[1]))
    }

    private static func call(_ call: ToolCall, arguments: String, index: Int?) -> JSONValue {
        var members: [String: JSONValue] = [
            "id": .string(call.id), "type": .string("function"),
            "function": .object(["name": .string(call.name), "arguments": .string(arguments)]),
        ]
        if let index { members["index"] = .integer(Int64(index)) }
        return .object(members)
    }

    private func event(_ delta: [String: JSONValue], finish: String? = nil) -> String {
        let choice: [String: JSONValue] = [
            "index": .integer(0), "delta": .object(delta), "finish_reason": finish.map(JSONValue.string) ?? .null,
        ]
        return event(choices: [.object(choice)])
    }

    private func event(choices: [JSONValue], _ more: [String: JSONValue] = [:]) -> String {
        var members = Self.envelope("chat.completion.chunk").merging(more) { $1 }
        members["choices"] = .array(choices)
        return "data: \(JSONValue.object(members).text)\n\n"
    }

    private static func envelope(_ object: String) -> [String: JSONValue] {
        [
            "id": .string("chatcmpl-1"), "object": .string(object), "created": .integer(1_790_000_000),
            "model": .string("fake-model"),
        ]
    }

    private static func json(_ usage: TokenUsage) -> JSONValue {
        .object([
            "prompt_tokens": .integer(Int64(usage.promptTokens)),
            "completion_tokens": .integer(Int64(usage.completionTokens)),
            "total_tokens": .integer(Int64(usage.promptTokens + usage.completionTokens)),
            "prompt_tokens_details": .object(["cached_tokens": .integer(Int64(usage.cachedTokens))]),
        ])
    }
}
