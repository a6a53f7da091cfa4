import BotCore
import BotHTTP
import Foundation

/// Tells from a server's refusal what callers and people can do about it.
struct ModelErrorClassifier {
    /// Taken out of every text, should a server quote it.
    let key: Secret?
    /// Tells how long a `Retry-After` date is away.
    let now: Timestamp

    /// Words by which servers say that the prompt is too long, in lower case: OpenAI, Azure, Anthropic, Mistral, Groq, llama.cpp,
    /// vLLM, LM Studio, Ollama, OpenRouter, Gemini.
    private static let tooLong = [
        "context_length_exceeded", "exceed_context_size", "context length", "context window", "context size",
        "maximum context", "prompt is too long", "prompt too long", "input is too long", "input too long",
        "too many tokens", "reduce the length", "reduce your message size", "input token count",
        "string_above_max_length", "tokens to keep from the initial prompt", "prompt contains at least",
    ]

    private static let unknownModel = [
        "model_not_found", "model not found", "does not exist", "no such model", "invalid model", "not a valid model",
        "unknown model", "try pulling it",
    ]

    private static let noMoney = ["insufficient_quota", "credit balance", "billing", "insufficient balance", "payment"]

    /// Classifies an answer with an error status.
    func error(status: Int, headers: HTTPHeaders, body: [UInt8]) -> ModelError {
        struct Body: Decodable {
            var error: ErrorDetail?
            var message: String?
            var detail: String?
            private enum CodingKeys: String, CodingKey { case error, message, detail }
            init(from decoder: any Decoder) throws {
                let container = try decoder.container(keyedBy: CodingKeys.self)
                error = container.lenient(.error)
                message = container.lenient(.message)
                detail = container.lenient(.detail)
            }
        }
        // A body that is no JSON object is taken as a text.
        let decoded = try? JSONDecoder().decode(Body.self, from: Data(body))
        let text = decoded?.message ?? decoded?.detail ?? String(decoding: body.prefix(4096), as: UTF8.self)
        return error(
            status: status, detail: decoded?.error ?? ErrorDetail(message: text),
            retryAfter: RetryAfter.span(in: headers, now: now))
    }

    /// Classifies an error that came inside a stream, which has no status of its own.
    func error(inStream detail: ErrorDetail) -> ModelError {
        error(status: Int(detail.code) ?? 0, detail: detail, retryAfter: nil)
    }

    private func error(status: Int, detail: ErrorDetail, retryAfter: Duration?) -> ModelError {
        let words = "\(detail.code) \(detail.type) \(detail.message)".lowercased()
        let text = describe(status: status, detail)
        func says(_ phrases: [String]) -> Bool { phrases.contains { words.contains($0) } }
        switch status {
        case 401, 403: return .unauthorized(text)
        case 402: return .quotaExceeded(text)
        case 404: return words.contains("model") ? .unknownModel(text) : .badRequest(text)
        case 429:
            return says(["insufficient_quota", "credit balance", "insufficient balance"])
                ? .quotaExceeded(text) : .rateLimited(retryAfter: retryAfter, text)
        default: break
        }
        // Some servers report a prompt that is too long as their own failure.
        if status != 503, says(Self.tooLong) { return .contextTooLong(text) }
        switch status {
        case 408, 425, 500...599: return .unavailable(retryAfter: retryAfter, text)
        case 0: return unlabelled(words, text)
        default:
            if says(Self.unknownModel), words.contains("model") { return .unknownModel(text) }
            if says(Self.noMoney) { return .quotaExceeded(text) }
            return .badRequest(text)
        }
    }

    /// Without a status only the words can tell.
    private func unlabelled(_ words: String, _ text: String) -> ModelError {
        if Self.noMoney.contains(where: words.contains) { return .quotaExceeded(text) }
        if words.contains("rate_limit") || words.contains("rate limit") {
            return .rateLimited(retryAfter: nil, text)
        }
        if words.contains("invalid_request") { return .badRequest(text) }
        return .unavailable(retryAfter: nil, text)
    }

    /// One line for the log, capped, without the key.
    private func describe(status: Int, _ detail: ErrorDetail) -> String {
        func line(_ text: String) -> String {
            let hidden = key.map { text.replacing($0.exposed, with: "<redacted>") } ?? text
            return String(hidden.split(whereSeparator: \.isWhitespace).joined(separator: " ").prefix(300))
        }
        let code = detail.code == "\(status)" ? "" : line(detail.code)
        return [status == 0 ? "" : "HTTP \(status)", code, line(detail.message)].filter { !$0.isEmpty }.joined(
            separator: ": ")
    }
}
