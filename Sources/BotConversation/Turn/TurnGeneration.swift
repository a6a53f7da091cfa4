import BotCore
import BotSessions
import Logging

/// The part of a turn that can be interrupted: builds the context and lets the model answer.
struct TurnGeneration: Sendable {
    /// What came of it.
    enum Outcome: Sendable, Equatable {
        /// `counted` are the prompt's tokens as they were counted before; nil when another model answered than was counted for.
        case finished(Completion, counted: Int? = nil)
        case failed(ModelError)
        /// The session was erased: nobody waits for an answer.
        case gone
        /// The database failed for good, or the task was cancelled.
        case broken(StoreError)
    }

    /// How much of the first context is asked with again, one after the other, when the model finds it too long.
    private static let smaller = [0.8, 0.5]
    /// A context of fewer tokens is not what makes a prompt too long.
    private static let smallest = 200

    let services: ConversationServices
    /// The model, for this turn.
    let provider: any ModelProvider

    /// - Parameter onText: called with each piece of the answer.
    func run(_ turn: Turn, in scope: ChatScope, onText: (String) async -> Void) async -> Outcome {
        let settings = services.settings
        let system = SystemPrompt.compose(settings.systemPrompt, in: scope)
        var request = ContextRequest(session: turn.session.id, through: turn.message.seq)
        // What is no language model has no use for the time.
        if provider.isLanguageModel { request.moment = services.time.now }
        let limit = turn.session.tokenLimit
        var share = 1.0
        var shares = Self.smaller[...]
        var used: Double?
        while true {
            // Where another one has taken its place meanwhile, all is made anew for that. Asking for the traits may be what finds out the name.
            let traits = await provider.traits()
            let model = provider.name
            let budget = RequestBudget(
                settings.maxOutputTokens, of: traits, beside: services.sessions.fixedTokens(of: system, for: model))
            request.share = min(share, budget.share(of: limit))
            request.model = ContextModel(provider)
            let context: SessionContext?
            do throws(StoreError) {
                let asked = request
                context = try await services.patiently { () async throws(StoreError) in
                    try await services.sessions.buildContext(asked)
                }
            } catch {
                return .broken(error)
            }
            guard let context else { return .gone }
            // Nothing fits, or a reset has just cleared it: then the commit says so.
            if context.messages.isEmpty { return .failed(.contextTooLong("the context holds no message")) }
            let prompt = CompletionRequest(
                system: system, messages: context.messages, maxOutputTokens: budget.answer)
            do throws(ModelError) {
                let completion = try await provider.complete(prompt, onText: onText)
                let counted =
                    completion.model == model
                    ? services.sessions.promptTokens(of: context, system: system, for: model) : nil
                return .finished(completion, counted: counted)
            } catch .contextTooLong(let what) {
                if provider.name == model {
                    services.sessions.learnTooLong(context, system: system, model: model, error: what)
                }
                let first = used ?? Double(context.totalTokens)
                used = first
                guard let part = shares.popFirst(), Int(first * part) >= Self.smallest else {
                    return .failed(.contextTooLong(what))
                }
                share = first * part / Double(max(1, limit))
                services.logger.warning(
                    "context too long for the model, asking again with less",
                    metadata: ["turn.id": "\(turn.id)", "context.tokens": "\(context.totalTokens)", "error": "\(what)"])
            } catch {
                return .failed(error)
            }
        }
    }
}
