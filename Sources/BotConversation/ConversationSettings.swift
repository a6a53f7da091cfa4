/// Which messages of shared chats the bot answers (`access.groups`).
package enum GroupsMode: String, Sendable, CaseIterable {
    /// Those that are meant for it: by mention, as a reply to it, or as its command.
    case mention
    /// All of them.
    case all
    /// None.
    case off
}

/// The settings of the conversation side.
package struct ConversationSettings: Sendable, Equatable {
    /// Which messages of shared chats are answered.
    package var groups: GroupsMode
    /// The configured system prompt.
    package var systemPrompt: String
    /// The longest answer, in tokens.
    package var maxOutputTokens: Int
    /// Whether models may call the built-in tools.
    package var tools: Bool
    /// The most tokens of text files that one request shows the model; 0 shows none.
    package var maxFileTokens: Int
    /// How many turns run at once over all chats.
    package var parallelTurns: Int
    /// How many stored events wait in memory before intake waits too.
    package var queueLimit: Int
    /// How many events of one chat wait; what it sends beyond is set aside, and the chat is told so once.
    package var chatQueueLimit: Int
    /// How fast people and chats may ask.
    package var rates: RateLimits
    /// The longest that a model may work at one turn, all its waits included.
    package var turnDeadline: Duration
    /// How often an event may crash the bot before it is set aside.
    package var attempts: Int
    /// The program's version, for `/status`.
    package var version: String

    package init(
        groups: GroupsMode = .mention, systemPrompt: String = "You are a helpful assistant.",
        maxOutputTokens: Int = 4096, tools: Bool = true, maxFileTokens: Int = 16_000, parallelTurns: Int = 64,
        queueLimit: Int = 5000, chatQueueLimit: Int = 200, rates: RateLimits = RateLimits(),
        turnDeadline: Duration = .seconds(900), attempts: Int = 3,
        version: String
    ) {
        self.groups = groups
        self.systemPrompt = systemPrompt
        self.maxOutputTokens = maxOutputTokens
        self.tools = tools
        self.maxFileTokens = maxFileTokens
        self.parallelTurns = parallelTurns
        self.queueLimit = queueLimit
        self.chatQueueLimit = chatQueueLimit
        self.rates = rates
        self.turnDeadline = turnDeadline
        self.attempts = attempts
        self.version = version
    }
}
