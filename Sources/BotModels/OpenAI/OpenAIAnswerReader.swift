import BotCore
import BotHTTP
import Foundation

/// Reads the body of a successful answer, streamed or whole, however its bytes are cut. Pure.
struct OpenAIAnswerReader {
    /// What an error of the stream itself was.
    enum Failure: Error, Equatable {
        /// The server reported an error.
        case reported(ErrorDetail)
        /// The stream makes no sense.
        case malformed(String)
    }

    private enum Format {
        case unknown
        case events(ServerSentEventParser)
        case whole([UInt8])
    }

    /// The most bytes of an answer that is not streamed.
    private static let maxWhole = 8 << 20

    private var format = Format.unknown
    /// The text so far.
    private(set) var text = ""
    private(set) var usage: TokenUsage?
    private(set) var finishReason: FinishReason?
    /// Whether the server has said that there is no more.
    private(set) var isDone = false
    /// Counts pieces of text and of reasoning, so that a model that is at work can be told from a silent one.
    private(set) var progress = 0

    /// Takes the next bytes of the body; returns the new pieces of text.
    mutating func feed(_ bytes: [UInt8]) throws(Failure) -> [String] {
        guard !bytes.isEmpty else { return [] }
        switch format {
        case .unknown:
            guard let first = bytes.first(where: { !Self.isBlank($0) }) else { return [] }
            format = first == UInt8(ascii: "{") ? .whole([]) : .events(ServerSentEventParser())
            return try feed(bytes)
        case .whole(let held):
            guard held.count + bytes.count <= Self.maxWhole else { throw .malformed("the answer is too large") }
            format = .whole(held + bytes)
            return []
        case .events(var parser):
            let events: [ServerSentEvent]
            do { events = try parser.feed(bytes) } catch { throw .malformed("\(error)") }
            format = .events(parser)
            var pieces: [String] = []
            for event in events { pieces += try take(event) }
            return pieces
        }
    }

    /// Takes the end of the body; returns what text came with it, for an answer that was not streamed.
    mutating func finish() throws(Failure) -> [String] {
        guard case .whole(let body) = format else { return [] }
        let pieces = try take(Array(body))
        isDone = true
        return pieces
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }

    private mutating func take(_ event: ServerSentEvent) throws(Failure) -> [String] {
        let data = event.data
        if data.hasPrefix("[DONE]") {
            isDone = true
            return []
        }
        guard !data.isEmpty, !isDone else { return [] }
        return try take(Array(data.utf8))
    }

    private mutating func take(_ json: [UInt8]) throws(Failure) -> [String] {
        let chunk: OpenAIChunk
        do {
            chunk = try JSONDecoder().decode(OpenAIChunk.self, from: Data(json))
        } catch {
            throw .malformed("an event is no JSON object")
        }
        if let error = chunk.error { throw .reported(error) }
        if let usage = chunk.usage {
            self.usage = TokenUsage(
                promptTokens: usage.promptTokens, completionTokens: usage.completionTokens,
                cachedTokens: usage.cachedTokens)
        }
        // Only one completion was asked for.
        guard let choice = chunk.choices.first else { return [] }
        var pieces: [String] = []
        if let message = choice.delta ?? choice.message {
            if message.hasReasoning { progress += 1 }
            for piece in [message.content, message.refusal] {
                guard let piece, !piece.isEmpty else { continue }
                pieces.append(piece)
                text += piece
                progress += 1
            }
            if message.refusal?.isEmpty == false { finishReason = .refused }
        }
        if let reason = choice.finishReason, finishReason != .refused { finishReason = Self.reason(reason) }
        return pieces
    }

    private static func reason(_ word: String) -> FinishReason {
        switch word {
        case "length", "max_tokens": .length
        case "content_filter", "refusal", "safety": .refused
        default: .stop
        }
    }
}
