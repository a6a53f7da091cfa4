/// Where OpenAI-compatible servers differ, as data: learnt from what a server refuses.
struct OpenAIQuirks: Sendable, Equatable {
    /// OpenAI's own newer models take `max_completion_tokens` and refuse `max_tokens`; most other servers know only the latter.
    var usesMaxCompletionTokens: Bool
    /// Whether the server knows `stream_options` (the usage at the end of a stream).
    var sendsStreamOptions = true

    /// What is known of a server before it was asked.
    init(baseURL: String) {
        usesMaxCompletionTokens = baseURL.hasPrefix("https://api.openai.com/")
    }

    /// Learns from a refused request; returns whether asking again differently may help.
    mutating func learn(from errorText: String) -> Bool {
        if errorText.contains("stream_options"), sendsStreamOptions {
            sendsStreamOptions = false
            return true
        }
        if errorText.contains("max_completion_tokens"), !usesMaxCompletionTokens {
            usesMaxCompletionTokens = true
            return true
        }
        if errorText.contains("max_completion_tokens") || errorText.contains("max_tokens"), usesMaxCompletionTokens {
            usesMaxCompletionTokens = false
            return true
        }
        return false
    }
}
