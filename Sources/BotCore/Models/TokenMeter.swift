/// How the tokens of one model are counted: exactly, or by a tokenizer that is like its own and a rate that bounds the difference.
package struct ModelTokens: Sendable {
    package let counter: any TokenCounter
    /// The most tokens that the model counts where the counter counts 1,000. It is 1,000 where the model's tokenizer is public,
    /// and never less.
    package let perThousand: Int
    /// The most tokens that the model counts in a prompt beside those of its texts, for tools and its template; 0 until that is learnt. It is no part
    /// of `bound` and `counted`, as it comes once a prompt: whoever fills a model's window takes it from the window.
    package let overhead: Int

    package init(counter: any TokenCounter, perThousand: Int = 1000, overhead: Int = 0) {
        self.counter = counter
        self.perThousand = max(1000, perThousand)
        self.overhead = max(0, overhead)
    }

    /// The most tokens of the model that so many counted ones can be; rounded up.
    package func bound(_ counted: Int) -> Int {
        let (product, overflow) = counted.multipliedReportingOverflow(by: perThousand)
        return overflow ? .max : (product + 999) / 1000
    }

    /// The most tokens of the model that the prompt of a request can have, pictures excepted.
    package func prompt(of request: CompletionRequest) -> Int {
        let system = PromptMessage(role: .system, content: request.system)
        return bound(counter.count(system) + counter.count(request.messages) + counter.count(request.tools)) + overhead
    }

    /// How many counted tokens surely fit into a limit of the model's tokens; rounded down.
    package func counted(within limit: Int) -> Int {
        let (product, overflow) = limit.multipliedReportingOverflow(by: 1000)
        return overflow ? limit / perThousand * 1000 : product / perThousand
    }
}

/// What a provider reported about a prompt whose tokens had been counted before it was sent.
package struct TokenReport: Sendable, Equatable {
    /// The model, as `openai/gpt-5`.
    package let model: String
    /// The tokens of the whole prompt (system prompt, messages, overhead) by the counter that `TokenMeter` gives for the model, without
    /// its rate.
    package let counted: Int
    /// The tokens of the prompt as the provider counted them.
    package let reported: Int

    package init(model: String, counted: Int, reported: Int) {
        self.model = model
        self.counted = counted
        self.reported = reported
    }
}

/// Knows how the tokens of each model are counted, and learns from what providers report where a tokenizer is private.
package protocol TokenMeter: Sendable {
    /// How the model's tokens are counted.
    ///
    /// - Parameter model: as a provider names itself or its answers, for example `openai/gpt-5`, `anthropic/claude-sonnet-4-5` or `offline`.
    func tokens(of model: String) -> ModelTokens

    /// Learns from an answered request.
    func learn(_ report: TokenReport)

    /// Learns that the model found a prompt too long.
    ///
    /// - Parameters:
    ///   - counted: the prompt's tokens, as in `TokenReport`.
    ///   - attempted: how many tokens the provider says it was; nil when it does not say.
    func learnTooLong(model: String, counted: Int, attempted: Int?)
}

/// One exact counter for all models.
package struct UniformTokenMeter: TokenMeter {
    private let counter: any TokenCounter

    package init(_ counter: any TokenCounter) { self.counter = counter }

    package func tokens(of model: String) -> ModelTokens { ModelTokens(counter: counter) }
    package func learn(_ report: TokenReport) {}
    package func learnTooLong(model: String, counted: Int, attempted: Int?) {}
}
