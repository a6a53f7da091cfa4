package import BotCore

/// Where a model server is and how it is asked.
package struct ChatServerSettings: Sendable {
    /// What the server speaks.
    package enum API: Sendable, Equatable {
        /// OpenAI's chat completions.
        case openAI
        /// Anthropic's messages.
        case anthropic
        /// Ollama's own. The model is loaded for so many tokens of prompt and answer.
        case ollama(neededContext: Int)
    }

    /// The provider's name in logs and in front of the model's name, as `openai` or `ollama`.
    package var name: String
    package var api: API
    /// The key; nil for servers that want none.
    package var apiKey: Secret?
    /// The address of the API without trailing slash, as `https://api.openai.com/v1`.
    package var baseURL: String
    /// The model; empty takes the best known one that the server has.
    package var model: String
    /// The most tokens of prompt and answer together; nil believes the server, or what is known of the model.
    package var contextWindow: Int?
    /// How long the first text may take.
    package var firstTokenTimeout: Duration
    /// How long an answer may pause.
    package var idleTimeout: Duration
    /// How long a turn waits for what the server says of its model.
    package var traitsTimeout: Duration

    package init(
        name: String, api: API = .openAI, apiKey: Secret?, baseURL: String, model: String, contextWindow: Int? = nil,
        firstTokenTimeout: Duration = .seconds(120), idleTimeout: Duration = .seconds(60),
        traitsTimeout: Duration = .seconds(3)
    ) {
        self.traitsTimeout = traitsTimeout
        self.name = name
        self.api = api
        self.apiKey = apiKey
        self.baseURL = baseURL
        self.model = model
        self.contextWindow = contextWindow
        self.firstTokenTimeout = firstTokenTimeout
        self.idleTimeout = idleTimeout
    }

    var dialect: any Dialect {
        switch api {
        case .openAI: OpenAIDialect(baseURL: baseURL)
        case .anthropic: AnthropicDialect()
        case .ollama(let neededContext): OllamaDialect(neededContext: neededContext)
        }
    }
}
