import BotCore
import BotHTTP
import BotModels
import BotTestSupport
import Logging

/// A provider in front of a fake model server.
struct ProviderFixture {
    let server: FakeModelServer
    let provider: ChatProvider

    static let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    static let request = CompletionRequest(
        system: "Be brief.",
        messages: [
            PromptMessage(role: .user, content: "Hello"), PromptMessage(role: .assistant, content: "Hi"),
            PromptMessage(role: .user, content: "How are you?"),
        ],
        maxOutputTokens: 99)

    /// Runs the body with a server and a provider that stop with it.
    static func with(
        _ api: ModelAPI = .openAI, key: String? = "sk-secret", model: String = "m", contextWindow: Int? = nil,
        time: any TimeSource = SystemTime(), _ body: (ProviderFixture) async throws -> Void
    ) async throws {
        try await withFakeModelServer { server in
            let http = HTTPClient()
            defer { http.shutdown() }
            let settings = ChatServerSettings(
                name: "fake", api: api.settings, apiKey: Secret(key), baseURL: try await server.baseURL(for: api),
                model: model, contextWindow: contextWindow,
                // Machines that run all the tests at once are slow.
                traitsTimeout: .seconds(60))
            let provider = ChatProvider(settings: settings, http: http, time: time, logger: logger)
            try await body(ProviderFixture(server: server, provider: provider))
        }
    }

    /// Asks and returns the pieces that came and how it ended.
    func ask(_ request: CompletionRequest = request) async -> (pieces: [String], result: Result<Completion, ModelError>)
    {
        var pieces: [String] = []
        do throws(ModelError) {
            let completion = try await provider.complete(request) { pieces.append($0) }
            return (pieces, .success(completion))
        } catch {
            return (pieces, .failure(error))
        }
    }
}

/// The class of an error, without its text.
enum ErrorClass: String {
    case cancelled, unauthorized, quotaExceeded, rateLimited, unavailable, contextTooLong, unknownModel, badRequest
    case network, timedOut, emptyAnswer, onlyReasoning, overBudget

    init(_ error: ModelError) {
        self =
            switch error {
            case .cancelled: .cancelled
            case .unauthorized: .unauthorized
            case .quotaExceeded: .quotaExceeded
            case .rateLimited: .rateLimited
            case .unavailable: .unavailable
            case .contextTooLong: .contextTooLong
            case .unknownModel: .unknownModel
            case .badRequest: .badRequest
            case .network: .network
            case .timedOut: .timedOut
            case .emptyAnswer: .emptyAnswer
            case .onlyReasoning: .onlyReasoning
            case .overBudget: .overBudget
            }
    }
}

extension Result where Failure == ModelError {
    var errorClass: ErrorClass? { if case .failure(let error) = self { ErrorClass(error) } else { nil } }
    var value: Success? { if case .success(let value) = self { value } else { nil } }
}

extension ModelAPI {
    var settings: ChatServerSettings.API {
        switch self {
        case .openAI: .openAI
        case .anthropic: .anthropic
        case .ollama: .ollama(neededContext: 9000)
        }
    }
}
