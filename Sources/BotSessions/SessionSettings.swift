/// The settings of the session manager (`sessions.*` of the configuration).
package struct SessionSettings: Sendable, Equatable {
    /// The most tokens that a session gives to a prompt.
    package var tokenLimit: Int
    /// The most messages that a context shows.
    package var contextMaxMessages: Int
    /// The share of the limit at which the summary and all messages that it does not cover make a new summary due.
    package var summarizeThreshold: Double
    /// The longest summary, in tokens.
    package var summaryMaxTokens: Int
    /// How many messages the summary must not cover before a new one is made, and how many come between two summaries.
    package var minMessagesToSummarize: Int
    /// The most tokens of older messages that a context recalls; 0 recalls nothing.
    package var recallTokens: Int
    /// How long after its last activity a session expires.
    package var expiry: Duration
    /// How often expired sessions are looked for.
    package var cleanupInterval: Duration
    /// How many sessions the cache holds.
    package var cacheMaxSessions: Int
    /// How long what was said is kept; nil for ever.
    package var retention: Duration?

    package init(
        tokenLimit: Int = 4000, contextMaxMessages: Int = 20, summarizeThreshold: Double = 0.7,
        summaryMaxTokens: Int = 500, minMessagesToSummarize: Int = 10, recallTokens: Int = 1200,
        expiry: Duration = .seconds(86_400),
        cleanupInterval: Duration = .seconds(3_600), cacheMaxSessions: Int = 1000, retention: Duration? = nil
    ) {
        self.tokenLimit = tokenLimit
        self.contextMaxMessages = contextMaxMessages
        self.summarizeThreshold = summarizeThreshold
        self.summaryMaxTokens = summaryMaxTokens
        self.minMessagesToSummarize = minMessagesToSummarize
        self.recallTokens = recallTokens
        self.expiry = expiry
        self.cleanupInterval = cleanupInterval
        self.cacheMaxSessions = cacheMaxSessions
        self.retention = retention
    }
}
