/// The settings of the session manager (`sessions.*` of the configuration).
package struct SessionSettings: Sendable, Equatable {
    /// The most tokens that a session gives to a prompt.
    package var tokenLimit: Int
    /// The most messages that a context shows.
    package var contextMaxMessages: Int
    /// How long after its last activity a session expires.
    package var expiry: Duration
    /// How often expired sessions are looked for.
    package var cleanupInterval: Duration
    /// How many sessions the cache holds.
    package var cacheMaxSessions: Int

    package init(
        tokenLimit: Int = 4000, contextMaxMessages: Int = 20, expiry: Duration = .seconds(86_400),
        cleanupInterval: Duration = .seconds(3_600), cacheMaxSessions: Int = 1000
    ) {
        self.tokenLimit = tokenLimit
        self.contextMaxMessages = contextMaxMessages
        self.expiry = expiry
        self.cleanupInterval = cleanupInterval
        self.cacheMaxSessions = cacheMaxSessions
    }
}
