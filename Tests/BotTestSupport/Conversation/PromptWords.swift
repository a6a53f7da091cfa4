package import BotCore

extension CompletionRequest {
    /// The person's newest words.
    package var words: String { messages.last { $0.role == .user }?.words ?? "" }

    /// The words of all messages.
    package var allWords: [String] { messages.map(\.words) }
}
