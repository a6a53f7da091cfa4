/// Token counts that a provider reported.
package struct TokenUsage: Sendable, Equatable {
    /// All tokens of the prompt, those from a cache included.
    package var promptTokens: Int
    /// All tokens of the answer, those of reasoning included.
    package var completionTokens: Int
    /// The tokens of the prompt that came from the provider's cache.
    package var cachedTokens: Int

    package init(promptTokens: Int, completionTokens: Int, cachedTokens: Int = 0) {
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
        self.cachedTokens = cachedTokens
    }
}

/// Why a completion ended.
package enum FinishReason: String, Sendable, Equatable {
    /// The model had said all.
    case stop
    /// The answer reached its longest length.
    case length
    /// The provider's filter refused.
    case refused
    /// The model waits for the results of the tools that it calls.
    case toolCalls
    /// The connection was cut in the middle; the text is what had come until then.
    case cut
}

/// A provider that was asked first, and failed.
package struct FailedProvider: Sendable, Equatable {
    /// As `openai/gpt-5`.
    package let name: String
    package let error: ModelError

    package init(name: String, error: ModelError) {
        self.name = name
        self.error = error
    }
}

/// A finished completion.
package struct Completion: Sendable, Equatable {
    package let text: String
    /// The tools that the model calls, in its order; none unless the request offered some.
    package let toolCalls: [ToolCall]
    package let finishReason: FinishReason
    /// What the provider reported; nil when it reported none.
    package let usage: TokenUsage?
    /// The model that answered, as `openai/gpt-5`.
    package let model: String
    /// In whose place it answered; nil when the first provider did.
    package var inPlaceOf: FailedProvider?
    /// Whether it was shown the pictures of the request; false where it does not look at any.
    package var sawImages = true

    package init(
        text: String, toolCalls: [ToolCall] = [], finishReason: FinishReason, usage: TokenUsage?, model: String
    ) {
        self.text = text
        self.toolCalls = toolCalls
        self.finishReason = finishReason
        self.usage = usage
        self.model = model
    }
}
