package import BotCore
package import Logging

/// Asks a provider again when it failed in a way that passes and no text had come: too many requests, overload, a broken connection.
package struct RetryingProvider: ModelProvider {
    /// How often and how long it is tried.
    package struct Policy: Sendable, Equatable {
        /// How often the provider is asked in all.
        package var attempts: Int
        /// The wait after the first failure, doubled each time, and the longest.
        package var firstWait: Duration
        package var longestWait: Duration
        /// The longest wait that a server may ask for; where it asks for more, its error stands.
        package var longestRetryAfter: Duration
        /// No try begins later than this after the first one began.
        package var deadline: Duration

        package init(
            attempts: Int = 4, firstWait: Duration = .seconds(1), longestWait: Duration = .seconds(15),
            longestRetryAfter: Duration = .seconds(30), deadline: Duration = .seconds(90)
        ) {
            self.attempts = attempts
            self.firstWait = firstWait
            self.longestWait = longestWait
            self.longestRetryAfter = longestRetryAfter
            self.deadline = deadline
        }
    }

    private let provider: any ModelProvider
    private let policy: Policy
    private let time: any TimeSource
    private let random: @Sendable () -> Double
    private let logger: Logger

    /// - Parameter random: gives numbers in 0..<1 for the jitter of the waits.
    package init(
        _ provider: any ModelProvider, policy: Policy = Policy(), time: any TimeSource, logger: Logger,
        random: @escaping @Sendable () -> Double = { .random(in: 0..<1) }
    ) {
        self.provider = provider
        self.policy = policy
        self.time = time
        self.logger = logger
        self.random = random
    }

    package var name: String { provider.name }
    package var isLanguageModel: Bool { provider.isLanguageModel }
    package func traits() async -> ModelTraits { await provider.traits() }

    package func complete(
        _ request: CompletionRequest, onText: (String) async -> Void
    ) async throws(ModelError) -> Completion {
        let end = time.uptime + policy.deadline
        var backoff = Backoff(first: policy.firstWait, limit: policy.longestWait)
        for attempt in 1... {
            do throws(ModelError) {
                return try await provider.complete(request, onText: onText)
            } catch {
                guard attempt < policy.attempts, let asked = retryAfter(of: error) else { throw error }
                let wait = max(asked, backoff.next(random: random()))
                guard asked <= policy.longestRetryAfter, time.uptime + wait <= end else { throw error }
                logger.warning(
                    "model is asked again",
                    metadata: [
                        "provider.name": "\(name)", "model.attempt": "\(attempt)", "error": "\(error)",
                        "wait.seconds": "\(wait.inSeconds)",
                    ])
                do {
                    try await time.sleep(for: wait)
                } catch {
                    throw .cancelled  // the only error of a sleep
                }
            }
        }
        throw .cancelled
    }

    /// How long the server asked to wait (zero if it did not say); nil for errors that do not pass by waiting.
    private func retryAfter(of error: ModelError) -> Duration? {
        switch error {
        case .rateLimited(let span, _), .unavailable(let span, _): span ?? .zero
        case .network: .zero
        case .cancelled, .unauthorized, .quotaExceeded, .contextTooLong, .unknownModel, .badRequest, .timedOut,
            .emptyAnswer, .onlyReasoning, .overBudget:
            nil
        }
    }
}
