import BotCore
import BotModels

/// The model servers of a configuration, by their names in `model.provider`, `model.fallbacks` and `model.choices`.
struct ModelServers: Sendable {
    /// Beside what a session gives to a prompt: the system prompt, and where the count of a private tokenizer is only nearly right.
    private static let spareTokens = 1024

    private let configuration: AppConfiguration

    init(_ configuration: AppConfiguration) { self.configuration = configuration }

    /// The servers to look for on this machine where nothing was chosen, the best one first.
    var local: [ChatServerSettings] {
        [
            self["ollama"],
            settings(
                "lmstudio", AppConfiguration.Endpoint(apiKey: nil, baseURL: "http://127.0.0.1:1234/v1", model: "")),
            settings(
                "llamacpp", AppConfiguration.Endpoint(apiKey: nil, baseURL: "http://127.0.0.1:8080/v1", model: "")),
        ].compactMap { $0 }
    }

    /// A server by its name, or by its name and a model, as `anthropic/claude-haiku-5-5`; nil for any other name.
    subscript(name: String) -> ChatServerSettings? {
        let parts = name.split(separator: "/", maxSplits: 1)
        guard let first = parts.first else { return nil }
        var found: ChatServerSettings? =
            switch first {
            case "openai": settings("openai", configuration.openai)
            case "anthropic": settings("anthropic", configuration.anthropic, api: .anthropic)
            case "ollama": settings("ollama", configuration.ollama, api: .ollama(neededContext: neededContext))
            default: nil
            }
        if parts.count == 2 { found?.model = String(parts[1]) }
        return found
    }

    private var neededContext: Int {
        let needed = configuration.sessions.tokenLimit + configuration.model.maxOutputTokens + Self.spareTokens
        return configuration.model.contextWindow ?? needed
    }

    private func settings(
        _ name: String, _ endpoint: AppConfiguration.Endpoint, api: ChatServerSettings.API = .openAI
    ) -> ChatServerSettings {
        let isLocal = EndpointAddress.isLoopback(url: endpoint.baseURL)
        return ChatServerSettings(
            name: name, api: api, apiKey: endpoint.apiKey, baseURL: endpoint.baseURL, model: endpoint.model,
            contextWindow: configuration.model.contextWindow,
            firstTokenTimeout: configuration.model.firstTokenTimeout ?? .seconds(isLocal ? 300 : 120),
            idleTimeout: configuration.model.idleTimeout)
    }
}
