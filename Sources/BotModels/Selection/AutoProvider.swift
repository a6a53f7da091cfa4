package import BotCore
package import Logging

/// The provider that is there: a language model as soon as one is found, and until then the built-in responder. Once a
/// language model was found, it stays: its failures are told, and never covered by the responder.
package final class AutoProvider: ModelProvider {
    /// How often it looks again while there is none.
    private static let interval = Duration.seconds(30)

    private let current: Lock<any ModelProvider>
    private let find: @Sendable () async -> (any ModelProvider)?
    private let time: any TimeSource
    private let logger: Logger

    /// Creates a provider that begins with the built-in responder.
    ///
    /// - Parameter find: looks for a language model, in well under a second.
    package init(
        time: any TimeSource, logger: Logger, find: @escaping @Sendable () async -> (any ModelProvider)?
    ) {
        current = Lock(OfflineResponder())
        self.find = find
        self.time = time
        self.logger = logger
    }

    package var name: String { current.withLock { $0 }.name }
    package var isLanguageModel: Bool { current.withLock { $0 }.isLanguageModel }
    package func traits() async -> ModelTraits { await current.withLock { $0 }.traits() }

    /// Looks once; returns whether there is a language model now.
    package func look() async -> Bool {
        if isLanguageModel { return true }
        guard let found = await find() else { return false }
        current.withLock { $0 = found }
        logger.notice("language model found", metadata: ["provider.name": "\(found.name)"])
        return true
    }

    /// Looks until there is a language model or the task is cancelled.
    package func run() async {
        while await !look() {
            do { try await time.sleep(for: Self.interval) } catch { return }
        }
    }

    package func complete(
        _ request: CompletionRequest, onText: (String) async -> Void
    ) async throws(ModelError) -> Completion {
        let provider = current.withLock { $0 }
        guard provider.isLanguageModel else { return try await provider.complete(request, onText: onText) }
        return try await provider.complete(Self.withoutOfflineAnswers(request), onText: onText)
    }

    /// A context may have been built while there was only the built-in responder: its answers must not reach a model.
    private static func withoutOfflineAnswers(_ request: CompletionRequest) -> CompletionRequest {
        guard request.messages.contains(where: isOffline) else { return request }
        var messages: [PromptMessage] = []
        for message in request.messages where !isOffline(message) {
            if let last = messages.last, last.role == message.role {
                messages[messages.count - 1] = PromptMessage(
                    role: last.role, content: last.content + "\n\n" + message.content,
                    images: last.images + message.images)
            } else {
                messages.append(message)
            }
        }
        return CompletionRequest(
            system: request.system, messages: messages, maxOutputTokens: request.maxOutputTokens,
            tools: request.tools, mayCallTools: request.mayCallTools, billing: request.billing)
    }

    private static func isOffline(_ message: PromptMessage) -> Bool {
        message.role == .assistant && message.content.hasPrefix(OfflineResponder.opening)
    }
}
