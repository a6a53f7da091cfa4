import BotCore
import BotSessions
import Logging

/// Lets the model answer once: builds the context, asks, and asks again with less where that was too long.
struct TurnGeneration: Sendable {
    /// What came of it.
    enum Outcome: Sendable, Equatable {
        /// `counted` are the prompt's tokens as they were counted before; nil when another model answered than was counted for.
        /// `notes` are lines for the person that stand under the answer.
        case finished(Completion, counted: Int? = nil, notes: [String] = [])
        /// There is nothing that a model could answer: the person is told why.
        case declined(String)
        case failed(ModelError)
        /// The session is no more: it was erased, and nobody waits for an answer; or its chat has moved, and it was joined to an older one.
        case gone
        /// The database failed for good, or the task was cancelled.
        case broken(StoreError)
    }

    /// The tools that a request offers.
    struct Offer: Sendable {
        let tools: [ToolDescription]
        /// Whether the model may call them now.
        var mayCall = true
        /// Whether the request must name no tool at all.
        var isWithheld = false

        init(tools: [ToolDescription]) { self.tools = tools }

        /// Whether a request failed in a way that may come of its tools: then it is worth asking once more without them.
        func isRefused(in outcome: Outcome, after words: String) -> Bool {
            guard case .failed(.badRequest) = outcome else { return false }
            return !isWithheld && !tools.isEmpty && words.isEmpty
        }
    }

    /// How much of the first context is asked with again, one after the other, when the model finds it too long.
    private static let smaller = [0.8, 0.5]
    /// A context of fewer tokens is not what makes a prompt too long.
    private static let smallest = 200

    let services: ConversationServices
    /// The model, for this turn.
    let provider: any ModelProvider

    /// - Parameters:
    ///   - steps: what the turn has added to the log since its message.
    ///   - media: what came with the message.
    ///   - account: who pays for it; how large the prompt is is not known there yet.
    ///   - onText: called with each piece of the answer.
    func run(
        _ turn: Turn, after steps: [SessionMessage] = [], showing media: TurnMedia = .none, offering offer: Offer,
        in scope: ChatScope, paidBy account: Billing? = nil, onText: (String) async -> Void
    ) async -> Outcome {
        let settings = services.settings
        let system = SystemPrompt.compose(settings.systemPrompt, in: scope)
        var request = ContextRequest(session: turn.session.id, through: turn.message.seq, steps: steps)
        // What is no language model has no use for the time.
        if provider.isLanguageModel { request.moment = services.time.now }
        let limit = turn.session.tokenLimit
        var share = 1.0
        var fileTokens = settings.maxFileTokens
        var shares = Self.smaller[...]
        var used: (context: Double, files: Double)?
        while true {
            // Where another one has taken its place meanwhile, all is made anew for that. Asking for the traits may be what finds out the name.
            let traits = await provider.traits()
            let model = provider.name
            let takesTools = traits.callsTools && !offer.isWithheld
            var fixed = FixedPrompt(system: system, tools: takesTools ? offer.tools : [])
            let shown = part(of: media, beside: fixed, traits, limit, fileTokens: fileTokens)
            fixed.attached = shown.text
            let budget = RequestBudget(
                settings.maxOutputTokens, of: traits,
                beside: services.sessions.fixedTokens(of: fixed, for: model) + shown.imageTokens)
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
            var prompt = CompletionRequest(
                system: system, messages: shown.added(to: context.messages), maxOutputTokens: budget.answer,
                tools: fixed.tools, mayCallTools: offer.mayCall, billing: account)
            prompt.billing?.promptTokens =
                services.sessions.fixedTokens(of: fixed, for: model) + shown.imageTokens + context.totalTokens
            if fixed.tools.isEmpty { prompt = prompt.withoutTools }
            // The pictures were loaded for another model, where this one stands in for it.
            let isBlind = !traits.seesImages && !shown.images.isEmpty
            if isBlind { prompt = prompt.withoutImages }
            do throws(ModelError) {
                var completion = try await provider.complete(prompt, onText: onText)
                if isBlind { completion.sawImages = false }
                let counted =
                    completion.model == model
                        && shown.images.isEmpty
                    ? services.sessions.promptTokens(of: context, beside: fixed, for: model) : nil
                return .finished(completion, counted: counted, notes: shown.notes)
            } catch .contextTooLong(let what) {
                if provider.name == model, shown.images.isEmpty {
                    services.sessions.learnTooLong(context, beside: fixed, model: model, error: what)
                }
                let first = used ?? (Double(context.totalTokens), Double(shown.textTokens))
                used = first
                guard let part = shares.popFirst(), Int((first.context + first.files) * part) >= Self.smallest else {
                    return .failed(.contextTooLong(what))
                }
                share = first.context * part / Double(max(1, limit))
                fileTokens = Int(first.files * part)
                services.logger.warning(
                    "context too long for the model, asking again with less",
                    metadata: ["turn.id": "\(turn.id)", "context.tokens": "\(context.totalTokens)", "error": "\(what)"])
            } catch {
                return .failed(error)
            }
        }
    }
}
