package import BotCore

/// A provider of which somebody hears whether it answers.
package struct ObservedProvider: ModelProvider {
    private let provider: any ModelProvider
    private let observe: @Sendable (ModelError?, String) -> Void

    /// - Parameter observe: called after each request with the error, nil when it was answered, and the provider's name. An answer that was
    ///   cut off in the middle is neither.
    package init(_ provider: any ModelProvider, observe: @escaping @Sendable (ModelError?, String) -> Void) {
        self.provider = provider
        self.observe = observe
    }

    package var name: String { provider.name }
    package var isLanguageModel: Bool { provider.isLanguageModel }
    package func traits() async -> ModelTraits { await provider.traits() }
    package func forOneTurn() -> any ModelProvider { ObservedProvider(provider.forOneTurn(), observe: observe) }

    package func complete(
        _ request: CompletionRequest, onText: (String) async -> Void
    ) async throws(ModelError) -> Completion {
        do throws(ModelError) {
            let completion = try await provider.complete(request, onText: onText)
            if completion.finishReason != .cut { observe(nil, name) }
            return completion
        } catch {
            // A budget that is spent says nothing of the provider.
            if case .overBudget = error { throw error }
            observe(error, name)
            throw error
        }
    }
}
