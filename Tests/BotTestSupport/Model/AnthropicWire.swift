import BotCore

/// Anthropic's messages (Anthropic API reference, "Messages" and "Streaming messages").
struct AnthropicWire: ModelWire {
    private enum Block { case text, thinking }

    let streamType = "text/event-stream"
    /// The block that is open, and how many there were.
    private var open: Block?
    private var blocks = 0

    mutating func begin(_ answer: ModelAnswer) -> String {
        let usage = answer.usage ?? TokenUsage(promptTokens: 0, completionTokens: 0)
        let message: JSONValue = .object([
            "id": .string("msg_1"), "type": .string("message"), "role": .string("assistant"),
            "model": .string("fake-model"), "content": .array([]), "stop_reason": .null, "stop_sequence": .null,
            "usage": .object([
                // The cached ones are counted beside the others.
                "input_tokens": .integer(Int64(usage.promptTokens - usage.cachedTokens)),
                "cache_read_input_tokens": .integer(Int64(usage.cachedTokens)),
                "cache_creation_input_tokens": .integer(0), "output_tokens": .integer(1),
            ]),
        ])
        return event("message_start", ["message": message]) + event("ping", [:])
    }

    mutating func reasoning(_ thought: String) -> String {
        let start = opening(
            .thinking, ["type": .string("thinking"), "thinking": .string(""), "signature": .string("")])
        return start + delta(["type": .string("thinking_delta"), "thinking": .string(thought)])
    }

    mutating func text(_ piece: String) -> String {
        opening(.text, ["type": .string("text"), "text": .string("")])
            + delta(["type": .string("text_delta"), "text": .string(piece)])
    }

    mutating func toolCall(_ call: ToolCall, place: Int) -> String {
        var written = close()
        let block: [String: JSONValue] = [
            "type": .string("tool_use"), "id": .string(call.id), "name": .string(call.name), "input": .object([:]),
        ]
        written += event("content_block_start", ["index": .integer(Int64(blocks)), "content_block": .object(block)])
        blocks += 1
        let middle = call.arguments.index(call.arguments.startIndex, offsetBy: call.arguments.count / 2)
        for piece in ["", String(call.arguments[..<middle]), String(call.arguments[middle...])] {
            written += delta(["type": .string("input_json_delta"), "partial_json": .string(piece)])
        }
        return written + event("content_block_stop", ["index": .integer(Int64(blocks - 1))])
    }

    mutating func end(_ finish: String, _ usage: TokenUsage?) -> String {
        let words = ["length": "max_tokens", "content_filter": "refusal", "tool_calls": "tool_use"]
        let delta: [String: JSONValue] = [
            "stop_reason": .string(words[finish] ?? "end_turn"), "stop_sequence": .null,
        ]
        let output: [String: JSONValue] = ["output_tokens": .integer(Int64(usage?.completionTokens ?? 0))]
        return close() + event("message_delta", ["delta": .object(delta), "usage": .object(output)])
            + event("message_stop", [:])
    }

    func failure(_ error: String) -> String {
        event("error", ["error": JSONValue.parsed(error)])
    }

    func messages(in body: [String: JSONValue]) -> [PromptMessage] {
        let system = (body["system"]?.list ?? []).compactMap { $0.members?["text"]?.string }.joined()
        let rest = (body["messages"]?.list ?? []).flatMap { entry -> [PromptMessage] in
            guard let message = entry.members, let role = message["role"]?.string.flatMap(Role.init) else { return [] }
            return Self.messages(role, message["content"]?.list ?? [])
        }
        return (system.isEmpty ? [] : [PromptMessage(role: .system, content: system)]) + rest
    }

    /// Results stand first in a message of the user, each of which is a message of its own elsewhere.
    private static func messages(_ role: Role, _ content: [JSONValue]) -> [PromptMessage] {
        let blocks = content.compactMap(\.members)
        let results = blocks.filter { $0["type"]?.string == "tool_result" }.map {
            PromptMessage(
                role: .tool, content: $0["content"]?.string ?? "", toolCallID: $0["tool_use_id"]?.string)
        }
        let images = blocks.compactMap { block -> PromptImage? in
            guard let source = block["source"]?.members, let type = source["media_type"]?.string,
                let data = source["data"]?.string
            else { return nil }
            return PromptImage.decoded(mediaType: type, base64: data)
        }
        let calls = blocks.filter { $0["type"]?.string == "tool_use" }.compactMap { block -> ToolCall? in
            guard let id = block["id"]?.string, let name = block["name"]?.string, let input = block["input"] else {
                return nil
            }
            return ToolCall(id: id, name: name, arguments: input.text)
        }
        let text = blocks.compactMap { $0["text"]?.string }.joined(separator: "\n")
        if text.isEmpty && images.isEmpty && calls.isEmpty { return results }
        return results + [PromptMessage(role: role, content: text, images: images, toolCalls: calls)]
    }

    /// Opens a block if another one, or none, is open.
    private mutating func opening(_ block: Block, _ content: [String: JSONValue]) -> String {
        if open == block { return "" }
        let closing = close()
        open = block
        blocks += 1
        return closing
            + event("content_block_start", ["index": .integer(Int64(blocks - 1)), "content_block": .object(content)])
    }

    private mutating func close() -> String {
        guard open != nil else { return "" }
        open = nil
        return event("content_block_stop", ["index": .integer(Int64(blocks - 1))])
    }

    private func delta(_ delta: [String: JSONValue]) -> String {
        event("content_block_delta", ["index": .integer(Int64(blocks - 1)), "delta": .object(delta)])
    }

    private func event(_ type: String, _ members: [String: JSONValue]) -> String {
        let data = JSONValue.object(members.merging(["type": .string(type)]) { $1 }).text
        return "event: \(type)\ndata: \(data)\n\n"
    }
}
