import BotCore
import BotHTTP
import Foundation

/// Puts a streamed completion together from the bytes of its event stream. Pure: fed with bytes however they are cut.
struct OpenAIStreamDecoder {
    private var parser = ServerSentEventParser()
    private(set) var text = ""
    private(set) var usage: TokenUsage?
    private(set) var finishReason: FinishReason?
    /// Whether the stream has said that it is complete.
    private(set) var isDone = false
    /// The model's thinking came; it is neither kept nor shown.
    private(set) var hasReasoning = false

    /// Takes the next bytes and returns the pieces of text that are new.
    ///
    /// - Throws: `ModelError` that the stream itself reports.
    mutating func feed(_ bytes: [UInt8]) throws(ModelError) -> [String] {
        let events: [ServerSentEvent]
        do {
            events = try parser.feed(bytes)
        } catch {
            throw .badRequest("the stream is not readable: \(error)")
        }
        var pieces: [String] = []
        for event in events {
            if event.data == "[DONE]" {
                isDone = true
                continue
            }
            guard let chunk = try? JSONDecoder().decode(Chunk.self, from: Data(event.data.utf8)) else {
                continue  // an event of a kind that we do not know
            }
            if let error = chunk.error {
                throw ModelErrorClassifier.classify(status: error.status, retryAfter: nil, text: error.text)
            }
            if let piece = take(chunk) { pieces.append(piece) }
        }
        return pieces
    }

    private mutating func take(_ chunk: Chunk) -> String? {
        if let usage = chunk.usage {
            self.usage = TokenUsage(
                promptTokens: usage.prompt ?? 0, completionTokens: usage.completion ?? 0,
                cachedTokens: usage.details?.cached ?? 0)
        }
        guard let choice = chunk.choices?.first else { return nil }
        switch choice.finish {
        case "length": finishReason = .length
        case "content_filter": finishReason = .refused
        case nil: break
        default: finishReason = .stop
        }
        let delta = choice.delta ?? choice.message
        if delta?.reasoning?.isEmpty == false || delta?.reasoningContent?.isEmpty == false { hasReasoning = true }
        guard let piece = delta?.content ?? delta?.refusal, !piece.isEmpty else { return nil }
        text += piece
        return piece
    }

    // MARK: - Wire form

    private struct Chunk: Decodable {
        let choices: [Choice]?
        let usage: Usage?
        let error: ErrorObject?
    }

    private struct Choice: Decodable {
        let delta: Delta?
        /// Servers that do not stream answer with a whole message.
        let message: Delta?
        let finish: String?
        private enum CodingKeys: String, CodingKey {
            case delta, message
            case finish = "finish_reason"
        }
    }

    private struct Delta: Decodable {
        let content: String?
        let refusal: String?
        let reasoning: String?
        let reasoningContent: String?
        private enum CodingKeys: String, CodingKey {
            case content, refusal, reasoning
            case reasoningContent = "reasoning_content"
        }
    }

    private struct Usage: Decodable {
        struct Details: Decodable {
            let cached: Int?
            private enum CodingKeys: String, CodingKey { case cached = "cached_tokens" }
        }
        let prompt: Int?
        let completion: Int?
        let details: Details?
        private enum CodingKeys: String, CodingKey {
            case prompt = "prompt_tokens"
            case completion = "completion_tokens"
            case details = "prompt_tokens_details"
        }
    }

    private struct ErrorObject: Decodable {
        let text: String
        let status: Int

        private enum CodingKeys: String, CodingKey { case message, type, code }

        init(from decoder: any Decoder) throws {
            guard let members = try? decoder.container(keyedBy: CodingKeys.self) else {
                // Some servers put a bare text where the object belongs.
                text = try decoder.singleValueContainer().decode(String.self)
                status = 500
                return
            }
            // A code may be a text or a number; each attempt that fails just means the other form.
            let number = try? members.decode(Int.self, forKey: .code)
            let code = (try? members.decode(String.self, forKey: .code)) ?? number.map(String.init)
            let type = try? members.decode(String.self, forKey: .type)
            let message = try? members.decode(String.self, forKey: .message)
            text = [code, type, message].compactMap { $0 }.joined(separator: ": ")
            status = number ?? (text.contains("rate_limit") ? 429 : 500)
        }
    }
}
