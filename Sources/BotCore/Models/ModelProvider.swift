/// Who wrote a message of a prompt.
package enum Role: String, Sendable, Codable, Hashable {
    case system, user, assistant, tool
}

/// A model's wish to have a tool called.
package struct ToolCall: Sendable, Equatable, Codable {
    /// Unique among the calls of its message; the result names it.
    package let id: String
    package let name: String
    /// The arguments as the model wrote them: JSON, which may be malformed.
    package let arguments: String

    package init(id: String, name: String, arguments: String) {
        self.id = id
        self.name = name
        self.arguments = arguments
    }
}

/// One message of a prompt.
package struct PromptMessage: Sendable, Equatable {
    package let role: Role
    package let content: String
    /// The tools that an assistant's message calls; the results follow it directly.
    package let toolCalls: [ToolCall]
    /// The call whose result a tool's message is.
    package let toolCallID: String?

    package init(role: Role, content: String, toolCalls: [ToolCall] = [], toolCallID: String? = nil) {
        self.role = role
        self.content = content
        self.toolCalls = toolCalls
        self.toolCallID = toolCallID
    }
}

/// A request for one completion.
package struct CompletionRequest: Sendable, Equatable {
    /// The system prompt.
    package let system: String
    /// The conversation: starts with the user, neighbours of one role already merged.
    package let messages: [PromptMessage]
    /// The longest answer, in tokens.
    package let maxOutputTokens: Int

    package init(system: String, messages: [PromptMessage], maxOutputTokens: Int) {
        self.system = system
        self.messages = messages
        self.maxOutputTokens = maxOutputTokens
    }
}

/// Token counts that a provider reported.
package struct TokenUsage: Sendable, Equatable {
    package var promptTokens: Int
    package var completionTokens: Int
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
    /// The connection was cut in the middle; the text is what had come until then.
    case cut
}

/// A finished completion.
package struct Completion: Sendable, Equatable {
    package let text: String
    package let finishReason: FinishReason
    /// What the provider reported; nil when it reported none.
    package let usage: TokenUsage?
    /// The model that answered, as `openai/gpt-5`.
    package let model: String

    package init(text: String, finishReason: FinishReason, usage: TokenUsage?, model: String) {
        self.text = text
        self.finishReason = finishReason
        self.usage = usage
        self.model = model
    }
}

/// Why there was no completion, in the classes that callers and people can act on. The texts are for the log.
package enum ModelError: Error, Sendable, Equatable {
    case cancelled
    /// The key is missing, wrong or not allowed to use the model.
    case unauthorized(String)
    /// The account has no money or quota left.
    case quotaExceeded(String)
    /// Too many requests; the provider may have said for how long.
    case rateLimited(retryAfter: Duration?, String)
    /// The provider is overloaded or failing (5xx).
    case unavailable(retryAfter: Duration?, String)
    /// The prompt is longer than the model's window.
    case contextTooLong(String)
    /// The model does not exist there.
    case unknownModel(String)
    /// The provider refused the request for another reason.
    case badRequest(String)
    /// No connection, or it broke before any text had come.
    case network(String)
    /// Nothing came in time.
    case timedOut(String)
    /// The answer held no text.
    case emptyAnswer(String)
}

/// A source of completions.
package protocol ModelProvider: Sendable {
    /// The provider's name, as `openai`.
    var name: String { get }

    /// Whether its answers are those of a language model. The offline responder's are not, and never enter the context of one.
    var isLanguageModel: Bool { get }

    /// Streams a completion. `onText` is called with each piece of text in order; the returned completion holds all of it.
    ///
    /// Cancelling the task closes the connection at once. A stream that is cut after text has come returns what there
    /// is with `.cut`; an error is thrown only when no text has come.
    func complete(
        _ request: CompletionRequest, onText: (String) async -> Void
    ) async throws(ModelError) -> Completion
}
