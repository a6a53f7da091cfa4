package import BotCore
package import Logging

/// Repeats a request that failed in passing before any text had come: too many requests, an overloaded or failing provider,
/// a broken connection.
package struct RetryingProvider: ModelProvider {
    /// How often it is asked in all.
    private static let attempts = 4
    /// A provider that asks for a longer wait is not waited for: the person is told instead.
    private static let longestWait = Duration.seconds(60)

    private let base: any ModelProvider
    private let time: any TimeSource
    private let logger: Logger
    private let random: @Sendable () -> Double

    package init(
        _ base: any ModelProvider, time: any TimeSource, logger: Logger,
        random: @escaping @Sendable () -> Double = { .random(in: 0..<1) }
    ) {
        self.base = base
        self.time = time
        self.logger = logger
        self.random = random
    }

    package var name: String { base.name }
    package var isLanguageModel: Bool { base.isLanguageModel }

    package func complete(
        _ request: CompletionRequest, onText: (String) async -> Void
    ) async throws(ModelError) -> Completion {
        var backoff = Backoff(first: .milliseconds(500), limit: .seconds(8))
        while true {
            do throws(ModelError) {
                return try await base.complete(request, onText: onText)
            } catch {
                let wait = backoff.next(random: random())
                guard error != .cancelled else { throw error }
                logger.warning(
                    "model request failed",
                    metadata: [
                        "provider.name": "\(base.name)", "error": "\(error)", "attempt": "\(backoff.failures)",
                    ])
                guard backoff.failures < Self.attempts, let wait = Self.wait(after: error, otherwise: wait) else {
                    throw error
                }
                do { try await time.sleep(for: wait) } catch { throw .cancelled }
            }
        }
    }

    /// How long to wait before asking again; nil when that would not help.
    private static func wait(after error: ModelError, otherwise backoff: Duration) -> Duration? {
        switch error {
        case .rateLimited(let wait, _), .unavailable(let wait, _):
            let wait = wait ?? backoff
            return wait <= longestWait ? max(wait, .milliseconds(100)) : nil
        case .network: return backoff
        case .cancelled, .unauthorized, .quotaExceeded, .contextTooLong, .unknownModel, .badRequest, .timedOut,
            .emptyAnswer:
            return nil
        }
    }
}
