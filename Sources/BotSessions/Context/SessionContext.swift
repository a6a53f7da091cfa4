package import BotCore

/// What a session gives to a prompt.
package struct SessionContext: Sendable, Equatable {
    /// The messages, oldest first: starts with the user, neighbours of one role merged.
    package let messages: [PromptMessage]
    /// The recount of exactly these messages: never above the session's limit.
    package let totalTokens: Int
    package let hasSummaries: Bool

    package init(messages: [PromptMessage], totalTokens: Int, hasSummaries: Bool) {
        self.messages = messages
        self.totalTokens = totalTokens
        self.hasSummaries = hasSummaries
    }
}
