/// Every key that mybot knows: the one place where keys, types, ranges and defaults are written down. The README's table,
/// `config.example.json` and the checks of the file are tested against it.
package enum ConfigurationTable {
    package static let keys: [ConfigurationKey] =
        telegram + discord + model + providers + sessions + access + limits + budgets + http + network + storage + log

    /// The key of a path.
    package static func key(at path: String) -> ConfigurationKey? { byPath[path] }

    private static let byPath = Dictionary(uniqueKeysWithValues: keys.map { ($0.path, $0) })

    private static let telegram = [
        ConfigurationKey("telegram.enabled", .bool, default: "true", "Whether Telegram is used when there is a token."),
        ConfigurationKey("telegram.botToken", .string, secret: true, "The token from @BotFather."),
        ConfigurationKey(
            "telegram.apiBaseURL", .string, default: "https://api.telegram.org", "The Bot API server."),
        ConfigurationKey(
            "telegram.pollTimeoutSeconds", .integer(1...50), default: "50",
            "How long one poll waits for messages; Telegram takes 50 at most."),
        ConfigurationKey(
            "telegram.streaming", .choice(["auto", "edit", "off"]), default: "auto",
            "How a reply grows: auto uses drafts in private chats and edits elsewhere."),
    ]

    private static let discord = [
        ConfigurationKey("discord.enabled", .bool, default: "true", "Whether Discord is used when there is a token."),
        ConfigurationKey("discord.botToken", .string, secret: true, "The bot token from the developer portal."),
        ConfigurationKey("discord.apiBaseURL", .string, default: "https://discord.com/api/v10", "The REST API."),
        ConfigurationKey(
            "discord.messageContentIntent", .bool, default: "false",
            "Whether to ask for the content of all messages (a switch in the portal must allow it)."),
        ConfigurationKey(
            "discord.streaming", .choice(["auto", "edit", "off"]), default: "auto", "How a reply grows."),
        ConfigurationKey(
            "discord.answerInThread", .bool, default: "false",
            "Whether a question in a channel of a server is answered in a new thread, which is a conversation of its own."
        ),
        ConfigurationKey(
            "discord.channels", .strings, default: "[]",
            "Ids of channels where every message is answered, without a mention; needs discord.messageContentIntent."),
    ]

    private static let model = [
        ConfigurationKey(
            "model.provider", .choice(["auto", "openai", "anthropic", "ollama", "offline"]), default: "auto",
            "Who answers; auto takes what has a key or runs here."),
        ConfigurationKey(
            "model.fallbacks", .strings, default: "[]",
            "Providers to ask when the first one fails, in this order, as anthropic or openai/gpt-5-mini."),
        ConfigurationKey(
            "model.choices", .strings, default: "[]",
            "Models that a chat may switch to with /model, as ollama or anthropic/claude-haiku-5-5; empty for none."),
        ConfigurationKey("model.systemPrompt", .string, default: defaultSystemPrompt, "What the model is told first."),
        ConfigurationKey("model.maxOutputTokens", .integer(1...1_000_000), default: "4096", "The longest answer."),
        ConfigurationKey(
            "model.tools", .bool, default: "true",
            "Whether the model may use the built-in tools: clock, calculator, search in its own chat."),
        ConfigurationKey(
            "model.maxFileTokens", .integer(0...10_000_000), default: "16000",
            "The most tokens of text files that one request shows the model; longer ones are cut in the middle."),
        ConfigurationKey(
            "model.contextWindow", .autoOrInteger(atLeast: 256), default: "auto",
            "The model's window in tokens: prompt and answer; auto believes the server, or what is known of the model."),
        ConfigurationKey(
            "model.firstTokenTimeoutSeconds", .integer(1...3600), default: "120",
            "How long the first word may take (300 by default for a model on this machine)."),
        ConfigurationKey(
            "model.idleTimeoutSeconds", .integer(1...3600), default: "60", "How long an answer may pause."),
    ]

    private static let providers = [
        ConfigurationKey("openai.apiKey", .string, secret: true, "The key of the OpenAI-compatible server."),
        ConfigurationKey("openai.baseURL", .string, default: "https://api.openai.com/v1", "Its address."),
        ConfigurationKey("openai.model", .string, "The model; empty takes the best known one that the server has."),
        ConfigurationKey("anthropic.apiKey", .string, secret: true, "The key for Anthropic."),
        ConfigurationKey(
            "anthropic.baseURL", .string, default: "https://api.anthropic.com", "Anthropic's address."),
        ConfigurationKey("anthropic.model", .string, "The model; empty takes the best known one that is there."),
        ConfigurationKey("ollama.host", .string, default: "http://127.0.0.1:11434", "Where Ollama listens."),
        ConfigurationKey("ollama.model", .string, "The model; empty takes the best known one that is there."),
    ]

    private static let sessions = [
        ConfigurationKey(
            "sessions.tokenLimit", .integer(64...10_000_000), default: "4000",
            "The most tokens of conversation that one request shows the model."),
        ConfigurationKey(
            "sessions.summarizeThreshold", .number(0.1...1), default: "0.7",
            "The share of the limit at which older messages are summarised."),
        ConfigurationKey(
            "sessions.summaryMaxTokens", .integer(16...100_000), default: "500", "The longest summary, in tokens."),
        ConfigurationKey(
            "sessions.summaryModel", .string,
            "A cheaper model of the same server that writes the summaries; empty takes the one that answers."),
        ConfigurationKey(
            "sessions.minMessagesToSummarize", .integer(2...10_000), default: "10",
            "The fewest messages worth a summary, and the fewest between two."),
        ConfigurationKey(
            "sessions.contextMaxMessages", .integer(1...1000), default: "20", "The most messages shown verbatim."),
        ConfigurationKey(
            "sessions.recallTokens", .integer(0...1_000_000), default: "1200",
            "The room for older messages that fit the question, in tokens; 0 recalls none."),
        ConfigurationKey(
            "sessions.expirySeconds", .integer(60...315_360_000), default: "86400",
            "After how long a quiet session is marked inactive; nothing is lost by it."),
        ConfigurationKey(
            "sessions.cleanupIntervalSeconds", .integer(1...86_400), default: "3600", "How often that is looked for."),
        ConfigurationKey(
            "sessions.cacheMaxSessions", .integer(1...1_000_000), default: "1000", "How many are kept in memory."),
        ConfigurationKey(
            "sessions.groupScope", .choice(["chat", "person"]), default: "chat",
            "Whose session a group or channel is: everybody's, or each person's own."),
        ConfigurationKey(
            "sessions.retentionDays", .integer(0...36_500), default: "0",
            "After how many days what was said is deleted for good; 0 keeps it until somebody deletes it."),
    ]

    private static let access = [
        ConfigurationKey(
            "access.allow", .strings, default: "[]",
            "Who may talk: telegram:123, telegram:chat:-100123, discord:456, discord:guild:789, discord:role:1011 or *."
        ),
        ConfigurationKey(
            "access.owners", .strings, default: "[]",
            "Owners besides whoever has sent the start code: telegram:123 or discord:456."),
        ConfigurationKey(
            "access.admins", .strings, default: "[]",
            "People who let others in and keep them out, as the owner does: telegram:123 or discord:456."),
        ConfigurationKey(
            "access.block", .strings, default: "[]",
            "Who is never answered, whatever else lets them in; entries as in access.allow, without *."),
        ConfigurationKey(
            "access.openCommands", .strings, default: "[]",
            "What everybody let in may do in groups and servers too: stop, reset, undo, forget, model."),
        ConfigurationKey(
            "access.groups", .choice(["mention", "all", "off"]), default: "mention",
            "When groups are answered: on mention, reply or command; always; never."),
    ]

    private static let http = [
        ConfigurationKey("http.enabled", .bool, default: "true", "Whether there is an API and a page."),
        ConfigurationKey(
            "http.host", .string, default: "127.0.0.1", "Where they listen; others than loopback need http.token."),
        ConfigurationKey("http.port", .integer(0...65_535), default: "3000", "Their port; 0 takes a free one."),
        ConfigurationKey("http.token", .string, secret: true, "What callers must send as a bearer token."),
    ]

    private static let network = [
        ConfigurationKey("network.proxy", .string, secret: true, "The proxy for all but loopback."),
        ConfigurationKey("network.caFile", .string, "Certificate authorities (PEM) to trust instead of the system's."),
        ConfigurationKey(
            "network.insecureHosts", .strings, default: "[]", "Hosts that may be reached over http besides loopback."),
    ]

    private static let storage = [
        ConfigurationKey("storage.path", .string, default: "data/mybot.db", "The database.")
    ]

    private static let log = [
        ConfigurationKey(
            "log.level", .choice(["trace", "debug", "info", "notice", "warning", "error"]), default: "info",
            "How much is logged."),
        ConfigurationKey("log.path", .string, default: "logs/mybot.log", "The log file."),
        ConfigurationKey("log.format", .choice(["text", "json"]), default: "text", "How a line looks."),
        ConfigurationKey(
            "log.maxBytes", .integer(4096...1_073_741_824), default: "10485760", "At what size a new file is begun."),
        ConfigurationKey("log.keepFiles", .integer(0...1000), default: "5", "How many old files are kept."),
    ]

    /// The system prompt when none is configured.
    package static let defaultSystemPrompt =
        "You are a helpful assistant in a chat. Answer in the language of the question, clearly and briefly."
}
