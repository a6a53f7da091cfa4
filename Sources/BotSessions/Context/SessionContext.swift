package import BotCore

/// What a session gives to a prompt.
package struct SessionContext: Sendable, Equatable {
    /// The messages, oldest first: starts with the user, neighbours of one role merged, each tool call followed by its result.
    package let messages: [PromptMessage]
    /// The recount of exactly these messages, in the model's tokens: never above the session's limit.
    package let totalTokens: Int
    /// The same in the tokens of the counter, without the rate of a private tokenizer.
    package let counted: Int
    /// The most tokens that these messages might have had: the session's limit, or the share of it that was asked for.
    package let limit: Int
    /// The checkpoint whose summary is shown; nil when none is.
    package let checkpoint: CheckpointID?
    /// The parts of `totalTokens` that the summary and what was recalled take, to the token or two that joining costs.
    package let summaryTokens: Int
    package let recallTokens: Int
    /// How many messages of the log are shown, and how many there are that the summary does not cover.
    package let shownMessages: Int
    package let liveMessages: Int
    /// The numbers of the messages that were recalled.
    package let recalled: [Int64]

    /// Whether a summary is shown.
    package var hasSummaries: Bool { checkpoint != nil }

    package init(
        messages: [PromptMessage], totalTokens: Int, counted: Int, limit: Int, checkpoint: CheckpointID? = nil,
        summaryTokens: Int = 0, recallTokens: Int = 0, shownMessages: Int = 0, liveMessages: Int = 0,
        recalled: [Int64] = []
    ) {
        self.messages = messages
        self.totalTokens = totalTokens
        self.counted = counted
        self.limit = limit
        self.checkpoint = checkpoint
        self.summaryTokens = summaryTokens
        self.recallTokens = recallTokens
        self.shownMessages = shownMessages
        self.liveMessages = liveMessages
        self.recalled = recalled
    }
}
