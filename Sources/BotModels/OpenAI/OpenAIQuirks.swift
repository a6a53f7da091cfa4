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

    /// What to try after a request in these terms was refused; nil when the server complained about something else.
    func corrected(by complaint: String) -> OpenAIQuirks? {
        var other = self
        if sendsStreamOptions, complaint.contains("stream_options") || complaint.contains("include_usage") {
            other.sendsStreamOptions = false
        } else if complaint.contains("max_completion_tokens") {
            other.usesMaxCompletionTokens.toggle()
        } else {
            return nil
        }
        return other
    }
}
