import BotCore
import BotHTTP
import BotModels
import Logging

/// Who answers, by `model.provider`.
struct ModelSelection: Sendable {
    /// The provider, repeating what fails in passing.
    let provider: any ModelProvider
    /// What the start says about it.
    let plan: String
    private let search: AutoProvider?

    init(_ configuration: AppConfiguration, http: HTTPClient, time: any TimeSource, logger: Logger) {
        let openai = OpenAIProvider(
            settings: Self.openAI(configuration), http: http, time: time, logger: logger)
        let ollama = OpenAIProvider(
            settings: Self.ollama(configuration), http: http, time: time, logger: logger)
        var search: AutoProvider?
        let chosen: any ModelProvider
        switch configuration.model.provider {
        case "openai":
            chosen = openai
            plan = Self.words(for: configuration.openai)
        case "ollama":
            chosen = ollama
            plan = "Ollama at \(configuration.ollama.baseURL)"
        case "offline":
            chosen = OfflineResponder()
            plan = "the built-in responder, which is no language model"
        default:
            if Self.hasOpenAI(configuration) {
                chosen = openai
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
        self.search = search
    }

    /// Looks for a model while there is none; returns at once when one was chosen.
    func run() async { await search?.run() }

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
