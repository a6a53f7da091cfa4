package import BotCore

extension PromptMessage {
    /// The person's own words: the content without the summary before them, and without what was recalled and the moment behind them.
    package var words: String {
        var words = content[...]
        if words.hasPrefix("<summary>"), let end = words.firstRange(of: "</summary>\n\n") {
            words = words[end.upperBound...]
        }
        for block in ["\n\n<recall>", "\n\n<now>"] {
            if let start = words.firstRange(of: block)?.lowerBound { words = words[..<start] }
        }
        return String(words)
    }
}

extension CompletionRequest {
    /// The person's newest words.
    package var words: String { messages.last { $0.role == .user }?.words ?? "" }

    /// The words of all messages.
    package var allWords: [String] { messages.map(\.words) }
}
