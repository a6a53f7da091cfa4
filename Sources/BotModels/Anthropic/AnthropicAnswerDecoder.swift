import BotCore
import BotHTTP

/// Reads a streamed answer of the Messages API (Anthropic API reference, "Streaming messages"). Events and blocks of kinds that are not known
/// are left out, as the reference asks for.
struct AnthropicAnswerDecoder: AnswerDecoder {
    private var parser = ServerSentEventParser()

    mutating func feed(_ bytes: [UInt8]) throws(AnswerFailure) -> [AnswerEvent] {
        let events: [ServerSentEvent]
        do { events = try parser.feed(bytes) } catch { throw .malformed("\(error)") }
        return try events.map { event throws(AnswerFailure) in try Self.events(of: event) }.flatMap { $0 }
    }

    mutating func finish() throws(AnswerFailure) -> [AnswerEvent] { [] }

    private static func events(of event: ServerSentEvent) throws(AnswerFailure) -> [AnswerEvent] {
        guard !event.data.isEmpty else { return [] }
        guard let event = JSONText.decode(AnthropicEvent.self, from: Array(event.data.utf8)) else {
            throw .malformed("an event is no JSON object")
        }
        switch event.type {
        case "message_start": return [event.message?.usage?.event].compactMap { $0 }
        case "content_block_start": return begin(event.block, place: event.index ?? 0)
        case "content_block_delta": return go(on: event.delta, place: event.index ?? 0)
        case "message_delta":
            let reason = event.delta?.stopReason.map { AnswerEvent.finish(Self.reason($0)) }
            return [event.usage?.event, reason].compactMap { $0 }
        case "message_stop": return [.done]
        case "error": throw .reported(event.error ?? ErrorDetail(message: "an error without a text"))
        default: return []
        }
    }

    private static func begin(_ block: AnthropicEvent.Block?, place: Int) -> [AnswerEvent] {
        guard let block else { return [] }
        switch block.type {
        case "text": return [.text(block.text ?? "")]
        case "tool_use": return [.toolCall(place: place, id: block.id, name: block.name, arguments: "")]
        case "thinking", "redacted_thinking": return [.reasoning]
        default: return []
        }
    }

    private static func go(on delta: AnthropicEvent.Delta?, place: Int) -> [AnswerEvent] {
        guard let delta else { return [] }
        switch delta.type {
        case "text_delta": return [.text(delta.text ?? "")]
        case "input_json_delta":
            return [.toolCall(place: place, id: nil, name: nil, arguments: delta.partialJSON ?? "")]
        case "thinking_delta", "signature_delta": return [.reasoning]
        default: return []
        }
    }

    /// Anthropic API reference, "Handling stop reasons".
    private static func reason(_ word: String) -> FinishReason {
        switch word {
        case "max_tokens", "model_context_window_exceeded": .length
        case "refusal": .refused
        case "tool_use": .toolCalls
        default: .stop
        }
    }
}
