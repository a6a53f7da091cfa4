extension PromptMessage {
    /// The person's own words in a message of the user: the content without the `<summary>` before them, and without the `<recall>`,
    /// the `<now>` and the `<file>` blocks behind them.
    package var words: String {
        var words = content[...]
        if words.hasPrefix("<summary>"), let end = words.firstRange(of: "</summary>\n\n") {
            words = words[end.upperBound...]
        }
        for block in ["\n\n<recall>", "\n\n<now>", "\n\n<file "] {
            if let start = words.firstRange(of: block)?.lowerBound { words = words[..<start] }
        }
        return String(words)
    }
}
