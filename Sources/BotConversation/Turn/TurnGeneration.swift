import BotCore
import BotSessions
import Logging

/// The part of a turn that can be interrupted: builds the context and lets the model answer.
struct TurnGeneration: Sendable {
    /// What came of it.
    enum Outcome: Sendable, Equatable {
        case finished(Completion)
        case failed(ModelError)
        /// The session was erased: nobody waits for an answer.
        case gone
        /// The database failed for good, or the task was cancelled.
        case broken(StoreError)
    }

    /// How often a context that the model finds too long is halved.
    private static let halvings = 2

    let services: ConversationServices

    /// - Parameter onText: called with each piece of the answer.
    func run(_ turn: Turn, in scope: ChatScope, onText: (String) async -> Void) async -> Outcome {
        let settings = services.settings
        let system = SystemPrompt.compose(settings.systemPrompt, in: scope)
        var maxMessages: Int?
        var halvings = 0
        while true {
            let context: SessionContext?
            do throws(StoreError) {
                let bound = maxMessages
                context = try await services.patiently { () async throws(StoreError) in
                    try await services.sessions.buildContext(
                        turn.session.id, maxMessages: bound)
                }
            } catch {
                return .broken(error)
            }
            guard let context else { return .gone }
            // Nothing fits, or a reset has just cleared it: then the commit says so.
            if context.messages.isEmpty { return .failed(.contextTooLong("the context holds no message")) }
            let request = CompletionRequest(
                system: system, messages: context.messages, maxOutputTokens: settings.maxOutputTokens)
            do throws(ModelError) {
                return .finished(try await services.provider.complete(request, onText: onText))
            } catch .contextTooLong(let what) where halvings < Self.halvings && context.messages.count > 1 {
                halvings += 1
                maxMessages = max(1, context.messages.count / 2)
                services.logger.warning(
                    "context too long for the model, asking again with half",
                    metadata: ["turn.id": "\(turn.id)", "context.tokens": "\(context.totalTokens)", "error": "\(what)"])
            } catch {
                return .failed(error)
            }
        }
    }
}
