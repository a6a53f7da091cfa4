import BotConversation

/// Checks texts from the environment and the command line, and numbers of the file, against a key's kind.
enum ConfigurationValue {
    /// Whether the text is a legal value of the key.
    static func isLegal(_ text: String, for key: ConfigurationKey) -> Bool {
        switch key.kind {
        case .string, .strings: return true
        case .bool: return ["true", "false"].contains(text.lowercased())
        case .choice(let choices): return choices.contains(text)
        case .integer(let range): return Int(text).map(range.contains) ?? false
        case .number(let range): return Double(text).map(range.contains) ?? false
        case .money: return Money.millionths(text) != nil
        case .autoOrInteger(let least): return text == "auto" || (Int(text).map { $0 >= least } ?? false)
        }
    }
}
