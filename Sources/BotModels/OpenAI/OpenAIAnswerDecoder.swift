import BotCore
import BotHTTP
import Foundation

/// Reads an answer of chat completions, streamed or whole.
struct OpenAIAnswerDecoder: AnswerDecoder {
    private enum Format {
        case unknown
        case events(ServerSentEventParser)
        case whole([UInt8])
    }

    /// The most bytes of an answer that is not streamed.
    private static let maxWhole = 8 << 20

    private var format = Format.unknown

    mutating func feed(_ bytes: [UInt8]) throws(AnswerFailure) -> [AnswerEvent] {
        guard !bytes.isEmpty else { return [] }
        switch format {
        case .unknown:
            guard let first = bytes.first(where: { !Self.isBlank($0) }) else { return [] }
            // Some servers do not stream, whatever they are asked for.
            format = first == UInt8(ascii: "{") ? .whole([]) : .events(ServerSentEventParser())
            return try feed(bytes)
        case .whole(var held):
            guard held.count + bytes.count <= Self.maxWhole else { throw .malformed("the answer is too large") }
            // Held in one place only, it is not copied whenever it grows.
            format = .unknown
            held += bytes
            format = .whole(held)
            return []
        case .events(var parser):
            format = .unknown
            let events: [ServerSentEvent]
            do { events = try parser.feed(bytes) } catch { throw .malformed("\(error)") }
            format = .events(parser)
            return try events.map { event throws(AnswerFailure) in try Self.events(of: event) }.flatMap { $0 }
        }
    }

    mutating func finish() throws(AnswerFailure) -> [AnswerEvent] {
        guard case .whole(let body) = format else { return [] }
        return try Self.events(of: body) + [.done]
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }

    private static func events(of event: ServerSentEvent) throws(AnswerFailure) -> [AnswerEvent] {
        if event.data.hasPrefix("[DONE]") { return [.done] }
        return event.data.isEmpty ? [] : try events(of: Array(event.data.utf8))
    }

    private static func events(of json: [UInt8]) throws(AnswerFailure) -> [AnswerEvent] {
        guard let chunk = JSONText.decode(OpenAIChunk.self, from: json) else {
            throw .malformed("an event is no JSON object")
        }
        if let error = chunk.error { throw .reported(error) }
        var events: [AnswerEvent] = []
        if let usage = chunk.usage {
            events.append(
                .usage(prompt: usage.promptTokens, completion: usage.completionTokens, cached: usage.cachedTokens))
        }
        // Only one completion was asked for.
        guard let choice = chunk.choices.first else { return events }
        if let message = choice.delta ?? choice.message {
            if message.hasReasoning { events.append(.reasoning) }
            events += [message.content, message.refusal].compactMap { $0 }.filter { !$0.isEmpty }.map(AnswerEvent.text)
            events += message.toolCalls.enumerated().map { place, call in
                .toolCall(
                    place: call.index ?? place, id: call.id, name: call.name, arguments: call.arguments ?? "")
            }
            if message.refusal?.isEmpty == false { events.append(.finish(.refused)) }
        }
        if let reason = choice.finishReason { events.append(.finish(Self.reason(reason))) }
        return events
    }

    /// OpenAI API reference, "The chat completion chunk object", `finish_reason`; and the words that others use for the same.
    private static func reason(_ word: String) -> FinishReason {
        switch word {
        case "length", "max_tokens", "model_length": .length
        case "content_filter", "refusal", "safety": .refused
        case "tool_calls", "function_call": .toolCalls
        default: .stop
        }
    }
}
