package import BotConversation
package import BotCore

/// The whole configuration with its types, after all sources have been put together and checked.
package struct AppConfiguration: Sendable {
    package struct Telegram: Sendable {
        package var botToken: Secret?
        package var apiBaseURL: String
        package var pollTimeout: Duration
        package var streaming: String
    }

    package struct Discord: Sendable {
        package var botToken: Secret?
        package var apiBaseURL: String
        package var messageContentIntent: Bool
        package var streaming: String
        package var answerInThread: Bool
        /// Ids of channels where every message is answered.
        package var channels: [String]
    }

    package struct Model: Sendable {
        package var provider: String
        /// Names of providers, each with a model behind a slash or without one.
        package var fallbacks: [String]
        /// Those that a chat may choose with `/model`, by names of the same form.
        package var choices: [String]
        package var systemPrompt: String
        package var maxOutputTokens: Int
        package var tools: Bool
        package var maxFileTokens: Int
        /// The most tokens of prompt and answer; nil believes the server.
        package var contextWindow: Int?
        /// Nil: 120 s, and 300 s for a model on this machine.
        package var firstTokenTimeout: Duration?
        package var idleTimeout: Duration
    }

    package struct Endpoint: Sendable {
        package var apiKey: Secret?
        package var baseURL: String
        /// Empty: the best known one that the server has.
        package var model: String
    }

    package struct Sessions: Sendable {
        package var tokenLimit: Int
        package var contextMaxMessages: Int
        package var summarizeThreshold: Double
        package var summaryMaxTokens: Int
        package var summaryModel: String
        package var minMessagesToSummarize: Int
        package var recallTokens: Int
        package var expiry: Duration
        package var cleanupInterval: Duration
        package var cacheMaxSessions: Int
        package var groupScope: String
        /// Nil: for ever.
        package var retention: Duration?
    }

    package struct Access: Sendable {
        package var allow: [String]
        package var owners: [String]
        package var admins: [String]
        package var block: [String]
        package var groups: String
        /// Names of commands that all may use in shared chats who are let in.
        package var openCommands: [String]
    }

    package struct Budgets: Sendable {
        /// The caps, and what models cost.
        package var settings: BudgetSettings
        /// The model that answers where a budget is spent; nil where nobody does.
        package var cheaper: String?
    }

    package struct HTTP: Sendable {
        package var enabled: Bool
        package var host: String
        package var port: Int
        /// Whether the port was chosen by the owner: then it is an error when it is taken.
        package var portIsChosen: Bool
        package var token: Secret?
    }

    package struct Network: Sendable {
        package var proxy: Secret?
        package var caFile: String?
    }

    package struct Log: Sendable {
        package var level: String
        package var path: String
        package var format: String
        package var maxBytes: Int
        package var keepFiles: Int
    }

    package var telegram: Telegram
    package var discord: Discord
    package var model: Model
    package var openai: Endpoint
    package var anthropic: Endpoint
    package var ollama: Endpoint
    package var sessions: Sessions
    package var access: Access
    /// How fast people and chats may ask.
    package var limits: RateLimits
    package var budgets: Budgets
    package var http: HTTP
    package var network: Network
    package var storagePath: String
    package var log: Log
    /// The file that was read; nil when there was none.
    package var file: String?

    /// Every configured secret, for the redaction of logs.
    package var secrets: [Secret] {
        [
            telegram.botToken, discord.botToken, openai.apiKey, anthropic.apiKey, http.token, network.proxy,
        ].compactMap { $0 }
    }
}
