package import BotCore
package import Logging

/// Asks one provider after the other until one answers. Whoever has answered in another's place does so until the turn ends.
package struct FallbackProvider: ModelProvider {
    private let providers: [any ModelProvider]
    private let logger: Logger
    /// The provider that is asked first.
    private let place: Lock<Place>

    private struct Place {
        var index = 0
        /// Why it is not the first one.
        var failed: FailedProvider?
    }

    /// - Parameter providers: the first is asked first; there must be one.
    package init(_ first: any ModelProvider, then others: [any ModelProvider], logger: Logger) {
        self.init([first] + others, logger: logger)
    }

    private init(_ providers: [any ModelProvider], logger: Logger) {
        self.providers = providers
        self.logger = logger
        place = Lock(Place())
    }

    package var name: String { current.name }
    package var isLanguageModel: Bool { current.isLanguageModel }
    package func traits() async -> ModelTraits { await current.traits() }
    package func forOneTurn() -> any ModelProvider { FallbackProvider(providers, logger: logger) }

    private var current: any ModelProvider { providers[place.withLock { $0.index }] }

    package func complete(
        _ request: CompletionRequest, onText: (String) async -> Void
    ) async throws(ModelError) -> Completion {
        var (index, failed) = place.withLock { ($0.index, $0.failed) }
        let images = request.messages.count { !$0.images.isEmpty }
        while true {
            let provider = providers[index]
            do throws(ModelError) {
                let asked = index == 0 ? request : await Self.fitting(request, provider)
                var completion = try await provider.complete(asked, onText: onText)
                completion.inPlaceOf = failed
                completion.sawImages = asked.messages.count { !$0.images.isEmpty } == images
                return completion
            } catch {
                guard index + 1 < providers.count, Self.isReason(error) else { throw error }
                index += 1
                failed = failed ?? FailedProvider(name: provider.name, error: error)
                place.withLock { $0 = Place(index: index, failed: failed) }
                logger.warning(
                    "model failed, another one is asked",
                    metadata: [
                        "provider.name": "\(provider.name)", "provider.next": "\(providers[index].name)",
                        "error": "\(error)",
                    ])
            }
        }
    }

    /// A request is made for the first one. Whoever stands in may give shorter answers only, call no tools or not look at pictures, and refuse
    /// to be asked for more.
    private static func fitting(_ request: CompletionRequest, _ provider: any ModelProvider) async -> CompletionRequest
    {
        let traits = await provider.traits()
        let longest = [traits.maxOutputTokens, traits.contextWindow.map { $0 / 2 }].compactMap { $0 }.min() ?? .max
        let plain = traits.callsTools ? request : request.withoutTools
        let fitting = traits.seesImages ? plain : plain.withoutImages
        return longest < fitting.maxOutputTokens ? fitting.limited(to: max(1, longest)) : fitting
    }

    /// Whether another provider may do better. A prompt that is too long is asked again with less first.
    private static func isReason(_ error: ModelError) -> Bool {
        switch error {
        case .cancelled, .contextTooLong, .overBudget: false
        case .unauthorized, .quotaExceeded, .rateLimited, .unavailable, .unknownModel, .badRequest, .network,
            .timedOut, .emptyAnswer, .onlyReasoning:
            true
        }
    }
}
