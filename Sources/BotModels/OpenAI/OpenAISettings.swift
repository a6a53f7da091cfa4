package import BotCore

/// Where an OpenAI-compatible server is and how it is asked.
package struct OpenAISettings: Sendable {
    /// The provider's name in logs and in front of the model's name, as `openai` or `ollama`.
    package var name: String
    /// The key; nil for servers that want none.
    package var apiKey: Secret?
    /// The address of the API without trailing slash, as `https://api.openai.com/v1`.
    package var baseURL: String
    /// The model; empty takes the best known one that the server has.
    package var model: String
    /// How long the first text may take.
    package var firstTokenTimeout: Duration
    /// How long an answer may pause.
    package var idleTimeout: Duration

    package init(
        name: String, apiKey: Secret?, baseURL: String, model: String, firstTokenTimeout: Duration = .seconds(120),
        idleTimeout: Duration = .seconds(60)
    ) {
        self.name = name
        self.apiKey = apiKey
        self.baseURL = baseURL
        self.model = model
        self.firstTokenTimeout = firstTokenTimeout
        self.idleTimeout = idleTimeout
    }
}
