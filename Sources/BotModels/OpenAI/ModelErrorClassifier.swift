import BotCore
import Foundation

/// Sorts a provider's error answers into the classes that callers and people can act on.
enum ModelErrorClassifier {
    /// The longest excerpt of an answer that is kept for the log, in characters.
    private static let excerpt = 500

    /// The error behind an answer with an error status.
    ///
    /// - Parameter text: the answer's body: JSON, or the page of a proxy.
    static func classify(status: Int, retryAfter: Duration?, text: String) -> ModelError {
        let details = "status \(status): \(text.prefix(excerpt))"
        let lower = text.lowercased()
        if isTooLong(lower), status == 400 || status == 413 || status == 422 || status >= 500 {
            return .contextTooLong(details)
        }
        switch status {
        case 401, 403: return .unauthorized(details)
        case 402: return .quotaExceeded(details)
        case 404: return .unknownModel(details)
        case 408, 409, 425: return .unavailable(retryAfter: retryAfter, details)
        case 413: return .contextTooLong(details)
        case 429:
            return lower.contains("insufficient_quota") || lower.contains("exceeded your current quota")
                ? .quotaExceeded(details) : .rateLimited(retryAfter: retryAfter, details)
        case 500...: return .unavailable(retryAfter: retryAfter, details)
        default:
            if lower.contains("model_not_found") || lower.contains("does not exist") { return .unknownModel(details) }
            if lower.contains("invalid_api_key") || lower.contains("incorrect api key") {
                return .unauthorized(details)
            }
            return .badRequest(details)
        }
    }

    /// Whether the text is one of the many wordings for a prompt that is longer than the window.
    private static func isTooLong(_ lower: String) -> Bool {
        let wordings = [
            "context_length_exceeded", "maximum context length", "context length", "context window", "context size",
            "prompt is too long", "too many tokens", "exceeds the available context", "input is too long",
            "exceed_context_size", "reduce the length",
        ]
        return wordings.contains { lower.contains($0) }
    }

    /// The wait that a `Retry-After` field asks for: seconds, or a date (RFC 9110, section 10.2.3).
    static func retryAfter(_ field: String?, now: Timestamp) -> Duration? {
        guard let field else { return nil }
        if let seconds = Double(field), seconds >= 0, seconds < 1e9 { return .milliseconds(Int64(seconds * 1000)) }
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(secondsFromGMT: 0)
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
        guard let date = format.date(from: field) else { return nil }
        return max(.zero, Timestamp(rawValue: Int64(date.timeIntervalSince1970 * 1000)).since(now))
    }
}
