import BotCore

/// What a call has cost, by what the provider reported or else by our own counts. Pure.
struct BudgetReckoning {
    /// How a call ended.
    enum End: Sendable {
        case answered(Completion)
        /// `said` is what had come of the answer.
        case failed(ModelError, said: String)
    }

    /// The most tokens that the prompt may have had.
    let promptTokens: Int
    /// The longest answer that was asked for.
    let answerTokens: Int
    /// Counts a text in tokens of a model, or a little more.
    let count: @Sendable (_ text: String, _ model: String) -> Int

    /// Nil where it has cost nothing.
    func tokens(_ end: End, of model: String) -> TokenUsage? {
        switch end {
        case .answered(let completion):
            // Some servers report zeros.
            if let usage = completion.usage, usage.promptTokens > 0 || usage.completionTokens > 0 { return usage }
            let calls = completion.toolCalls.reduce(0) {
                $0 + count($1.name, completion.model) + count($1.arguments, completion.model)
            }
            return TokenUsage(
                promptTokens: promptTokens, completionTokens: count(completion.text, completion.model) + calls)
        case .failed(let error, let said):
            switch error {
            // The server refused it, or it never came there.
            case .unauthorized, .quotaExceeded, .rateLimited, .unavailable, .contextTooLong, .unknownModel, .badRequest,
                .network(_, wasSent: false), .overBudget:
                return nil
            // It has read the prompt, and said what came.
            case .cancelled, .network, .timedOut, .emptyAnswer:
                return TokenUsage(
                    promptTokens: promptTokens, completionTokens: said.isEmpty ? 0 : count(said, model))
            // Nobody has counted its thoughts.
            case .onlyReasoning:
                return TokenUsage(promptTokens: promptTokens, completionTokens: answerTokens)
            }
        }
    }
}
