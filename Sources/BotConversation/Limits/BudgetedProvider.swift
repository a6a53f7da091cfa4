package import BotCore

/// A model server whose requests are reserved in the budgets before they leave, and settled after: answered, failed or cancelled.
///
/// It stands right before the server, below all that repeats requests or sends them elsewhere, so that each call which leaves is counted.
package struct BudgetedProvider: ModelProvider {
    private let provider: any ModelProvider
    private let budgets: BudgetKeeper

    package init(_ provider: any ModelProvider, budgets: BudgetKeeper) {
        self.provider = provider
        self.budgets = budgets
    }

    package var name: String { provider.name }
    package var isLanguageModel: Bool { provider.isLanguageModel }
    package func traits() async -> ModelTraits { await provider.traits() }
    package func forOneTurn() -> any ModelProvider { BudgetedProvider(provider.forOneTurn(), budgets: budgets) }

    package func complete(
        _ request: CompletionRequest, onText: (String) async -> Void
    ) async throws(ModelError) -> Completion {
        guard let billing = request.billing else { return try await provider.complete(request, onText: onText) }
        let call = try await budgets.reserve(billing, answer: request.maxOutputTokens, of: name)
        var said = ""
        do throws(ModelError) {
            let completion = try await provider.complete(request) { piece in
                said += piece
                await onText(piece)
            }
            await budgets.settle(call, as: .answered(completion))
            return completion
        } catch {
            await budgets.settle(call, as: .failed(error, said: said))
            throw error
        }
    }
}
