import BotCore
import BotHTTP
import BotModels
import Logging

/// Who answers, by `model.provider`.
struct ModelSelection: Sendable {
    /// The provider, repeating what fails in passing.
    let provider: any ModelProvider
    /// The cheaper model that writes summaries, on the same server; nil when none was chosen.
    let summarizer: (any ModelProvider)?
    /// What the start says about it.
    let plan: String
    private let search: AutoProvider?
    /// The server that was chosen; nil for the built-in responder and while there is none.
    private let server: OpenAIProvider?

    init(_ configuration: AppConfiguration, http: HTTPClient, time: any TimeSource, logger: Logger) {
        let openai = OpenAIProvider(
            settings: Self.openAI(configuration), http: http, time: time, logger: logger)
        let ollama = OpenAIProvider(
            settings: Self.ollama(configuration), http: http, time: time, logger: logger)
        var search: AutoProvider?
        var summaryServer = Self.ollama(configuration)
        let chosen: any ModelProvider
        var server: OpenAIProvider?
        switch configuration.model.provider {
        case "openai":
            (chosen, server) = (openai, openai)
            summaryServer = Self.openAI(configuration)
            plan = Self.words(for: configuration.openai)
        case "ollama":
            (chosen, server) = (ollama, ollama)
            plan = "Ollama at \(configuration.ollama.baseURL)"
        case "offline":
            chosen = OfflineResponder()
            plan = "the built-in responder, which is no language model"
        default:
            if Self.hasOpenAI(configuration) {
                (chosen, server) = (openai, openai)
                summaryServer = Self.openAI(configuration)
                plan = Self.words(for: configuration.openai)
            } else {
                let auto = AutoProvider(time: time, logger: logger) {
                    // A server that answers with at least one model is taken; any failure just means that it is not there.
                    let models = try? await ollama.listModels(deadline: .milliseconds(700))
                    return models?.isEmpty == false ? ollama : nil
                }
                search = auto
                chosen = auto
                plan =
                    "none set: the built-in responder answers until Ollama is found at \(configuration.ollama.baseURL)"
            }
        }
        provider = RetryingProvider(chosen, time: time, logger: logger)
        summaryServer.model = configuration.sessions.summaryModel
        summarizer =
            summaryServer.model.isEmpty
            ? nil : OpenAIProvider(settings: summaryServer, http: http, time: time, logger: logger)
        self.search = search
        self.server = server
    }

    /// Looks for a model while there is none; returns at once when one was chosen.
    func run() async { await search?.run() }

    /// Asks the chosen server for its models, for 10 s at most.
    ///
    /// - Returns: what is wrong and what to do, in one sentence; nil when all is well or when there is nobody to ask.
    func findProblem() async -> String? {
        guard let server else { return nil }
        do throws(ModelError) {
            _ = try await server.listModels(deadline: .seconds(10))
            return nil
        } catch .unauthorized {
            return "\(plan): it does not accept the key; set \(server.name).apiKey"
        } catch .network, .timedOut {
            return "\(plan): it cannot be reached; check the address and this machine's network"
        } catch {
            // A server without a list of models may well answer, and one that is busy now is well.
            return nil
        }
    }

    private static func hasOpenAI(_ configuration: AppConfiguration) -> Bool {
        // A server of one's own needs no key: naming its address is choosing it.
        configuration.openai.apiKey != nil
            || configuration.openai.baseURL != ConfigurationTable.key(at: "openai.baseURL")?.defaultText
    }

    private static func words(for endpoint: AppConfiguration.Endpoint) -> String {
        "\(endpoint.model.isEmpty ? "the best model that there is" : endpoint.model) at \(endpoint.baseURL)"
    }

    private static func openAI(_ configuration: AppConfiguration) -> OpenAISettings {
        settings("openai", configuration.openai, baseURL: configuration.openai.baseURL, configuration.model)
    }

    private static func ollama(_ configuration: AppConfiguration) -> OpenAISettings {
        settings("ollama", configuration.ollama, baseURL: configuration.ollama.baseURL + "/v1", configuration.model)
    }

    private static func settings(
        _ name: String, _ endpoint: AppConfiguration.Endpoint, baseURL: String, _ model: AppConfiguration.Model
    ) -> OpenAISettings {
        let isLocal = EndpointAddress.isLoopback(url: baseURL)
        return OpenAISettings(
            name: name, apiKey: endpoint.apiKey, baseURL: baseURL, model: endpoint.model,
            firstTokenTimeout: model.firstTokenTimeout ?? .seconds(isLocal ? 300 : 120), idleTimeout: model.idleTimeout)
    }
}
