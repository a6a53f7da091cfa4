import BotCore
import BotHTTP
import Logging

/// What a server says of its models, asked when it is wanted and kept.
final class ModelCatalogue: Sendable {
    private struct State {
        var model: String?
        /// What is known, and whether that is all.
        var traits: ModelTraits?
        var isComplete = false
        /// When it may be asked again after it did not tell all.
        var nextQuestion: Duration?
    }

    /// How long a server that did not tell all is left alone.
    private static let pause = Duration.seconds(300)

    private let settings: ChatServerSettings
    private let http: HTTPClient
    private let time: any TimeSource
    private let logger: Logger
    private let state: Lock<State>

    init(settings: ChatServerSettings, http: HTTPClient, time: any TimeSource, logger: Logger) {
        self.settings = settings
        self.http = http
        self.time = time
        self.logger = logger
        state = Lock(State(model: settings.model.isEmpty ? nil : settings.model))
    }

    /// The model that is asked; nil until one has been chosen.
    var model: String? { state.withLock { $0.model } }

    /// The model's name: the configured one, or the best known one that the server has, looked up once.
    func chosenModel(deadline: Duration = .seconds(15)) async throws(ModelError) -> String {
        if let model { return model }
        let listed = try await list(deadline: deadline)
        guard let best = KnownModels.best(of: listed.filter { $0.facts.chats != false }.map(\.id)) else {
            throw .unknownModel("the server at \(settings.name) has no models")
        }
        state.withLock { $0.model = best }
        logger.notice("model chosen", metadata: ["provider.name": "\(settings.name)", "model.name": "\(best)"])
        return best
    }

    /// What is known of the model: what the owner has set, else what the server says, else what the table of known models has.
    func traits() async -> ModelTraits {
        let now = time.uptime
        let (known, isQuestion) = state.withLock { state in
            if state.isComplete { return (state.traits, false) }
            if let next = state.nextQuestion, now < next { return (state.traits, false) }
            // Others do not ask meanwhile.
            state.nextQuestion = now + Self.pause
            return (state.traits, true)
        }
        guard isQuestion else { return known ?? traits(by: ListedModel.Facts()) }
        do throws(ModelError) {
            let chosen = try await chosenModel(deadline: settings.traitsTimeout)
            let facts = try await facts(of: chosen)
            let traits = traits(by: facts)
            state.withLock { state in
                state.traits = traits
                state.isComplete = !facts.isPreliminary
            }
            if traits != known { log(traits, of: chosen) }
            return traits
        } catch {
            // Who broke off the question says nothing about the server.
            if error == .cancelled { state.withLock { $0.nextQuestion = nil } }
            // Its absence is told where an answer is wanted.
            logger.debug(
                "the server does not tell about its model",
                metadata: ["provider.name": "\(settings.name)", "error": "\(error)"])
            return known ?? traits(by: ListedModel.Facts())
        }
    }

    private func traits(by facts: ListedModel.Facts) -> ModelTraits {
        // The model may be chosen meanwhile.
        KnownModels.traits(of: model ?? settings.model, facts, contextWindow: settings.contextWindow)
    }

    private func log(_ traits: ModelTraits, of model: String) {
        logger.info(
            "model known",
            metadata: [
                "provider.name": "\(settings.name)/\(model)",
                "model.window": "\(traits.contextWindow.map { "\($0)" } ?? "unknown")",
                "model.images": "\(traits.seesImages)", "model.tools": "\(traits.callsTools)",
            ])
    }

    /// The models that the server has.
    ///
    /// - Parameter deadline: for all of it.
    func list(deadline: Duration) async throws(ModelError) -> [ListedModel] {
        let dialect = settings.dialect
        let body = try await fetch(settings.baseURL + dialect.modelsPath, deadline: deadline)
        guard let models = dialect.models(in: body) else { throw .badRequest("the list of models is not readable") }
        return models
    }

    private func facts(of model: String) async throws(ModelError) -> ListedModel.Facts {
        let dialect = settings.dialect
        if let question = dialect.question(about: model) {
            return try await ask(question, deadline: settings.traitsTimeout) ?? ListedModel.Facts()
        }
        let end = time.uptime + settings.traitsTimeout
        guard let listed = dialect.entry(of: model, in: try await list(deadline: settings.traitsTimeout)) else {
            return ListedModel.Facts()
        }
        var facts = listed.facts
        for question in dialect.questions(about: listed) {
            do throws(ModelError) {
                let left = max(end - time.uptime, .milliseconds(100))
                guard let more = try await ask(question, deadline: left) else { continue }
                return more.completed(by: facts)
            } catch {
                switch error {
                case .cancelled: throw error
                // It is busy, or still loading the model.
                case .unavailable, .rateLimited, .network, .timedOut: facts.isPreliminary = true
                // It does not know this question.
                default: break
                }
            }
        }
        return facts
    }

    private func ask(
        _ question: ModelQuestion, deadline: Duration
    ) async throws(ModelError) -> ListedModel.Facts? {
        let base = settings.baseURL
        let url =
            switch question.place {
            case .base(let path): base + path
            case .root(let path): (base.hasSuffix("/v1") ? String(base.dropLast(3)) : base) + path
            }
        return question.read(try await fetch(url, body: question.body, deadline: deadline))
    }

    private func fetch(
        _ url: String, body: [UInt8]? = nil, deadline: Duration
    ) async throws(ModelError) -> [UInt8] {
        let type = body == nil ? [] : [("Content-Type", "application/json")]
        let request = HTTPRequest(
            method: body == nil ? "GET" : "POST", url: url,
            headers: settings.dialect.headers(key: settings.apiKey) + type, body: body,
            deadlines: HTTPDeadlines(
                connect: min(deadline, .seconds(10)), firstByte: deadline, idle: deadline, total: deadline))
        let response: HTTPResponse
        do {
            response = try await http.send(request)
        } catch {
            throw ModelError(error)
        }
        guard response.status == 200 else {
            throw ModelErrorClassifier(key: settings.apiKey, now: time.now).error(
                status: response.status, headers: response.headers, body: response.body)
        }
        return response.body
    }
}
