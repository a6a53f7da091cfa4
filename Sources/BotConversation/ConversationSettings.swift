/// Which messages of shared chats the bot answers (`access.groups`).
package enum GroupsMode: String, Sendable, CaseIterable {
    /// Those that are meant for it: by mention, as a reply to it, or as its command.
    case mention
    /// All of them.
    case all
    /// None.
    case off
}

/// Whose conversation a shared chat is (`sessions.groupScope`).
package enum GroupScope: String, Sendable, CaseIterable {
    /// Everybody's: one session, which remembers what all of them say.
    case chat
    /// Each person's own: nobody's words are in another's session.
    case person
}

/// The settings of the conversation side.
package struct ConversationSettings: Sendable, Equatable {
    /// Which messages of shared chats are answered.
    package var groups: GroupsMode
    /// Whose conversation a shared chat is.
    package var groupScope: GroupScope
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
    /// The longest that a model may work at one turn, all its waits included: slow ones on small machines take twenty minutes.
    package var turnDeadline: Duration
    /// How often an event may crash the bot before it is set aside.
    package var attempts: Int
    /// The hosts of the model providers, by the names of these; nil for one on this machine.
    package var modelHosts: [String: String?]
    /// The models that may see what the answering one sees, where that fails.
    package var otherModels: [String]
    /// Who may do what.
    package var rights: Rights
    /// The program's version, for `/status`.
    package var version: String

    package init(
        groups: GroupsMode = .mention, groupScope: GroupScope = .chat,
        systemPrompt: String = "You are a helpful assistant.",
        maxOutputTokens: Int = 4096, tools: Bool = true, maxFileTokens: Int = 16_000, parallelTurns: Int = 64,
        queueLimit: Int = 5000, chatQueueLimit: Int = 200, rates: RateLimits = RateLimits(),
        turnDeadline: Duration = .seconds(1800), attempts: Int = 3, modelHosts: [String: String?] = [:],
        otherModels: [String] = [], rights: Rights = Rights(), version: String
    ) {
        self.groups = groups
        self.groupScope = groupScope
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
        self.modelHosts = modelHosts
        self.otherModels = otherModels
        self.rights = rights
        self.version = version
    }
}
