package import BotCore

/// Settings of the Telegram platform.
package struct TelegramConfiguration: Sendable {
    /// How an unfinished reply is shown.
    package enum Streaming: String, Sendable, CaseIterable {
        /// As a draft in private chats, by edits in groups.
        case auto
        /// By edits everywhere.
        case edit
        /// Not at all.
        case off
    }

    /// The bot's token as BotFather gives it, `110201543:AA...`.
    package var botToken: Secret
    /// Where the Bot API is; a slash at its end is ignored.
    package var apiBaseURL: String
    /// How long one poll waits for updates. Telegram holds a poll 50 s at most, and this is kept in 1...50 s.
    package var pollTimeout: Duration
    package var streaming: Streaming
    /// Whether the bot shall answer everything that is said in groups (`access.groups` is `all`).
    package var hearsEverything: Bool

    package init(
        botToken: Secret, apiBaseURL: String = "https://api.telegram.org", pollTimeout: Duration = .seconds(50),
        streaming: Streaming = .auto, hearsEverything: Bool = false
    ) {
        self.hearsEverything = hearsEverything
        self.botToken = botToken
        self.apiBaseURL = apiBaseURL
        self.pollTimeout = min(max(pollTimeout, .seconds(1)), .seconds(50))
        self.streaming = streaming
    }

    /// What of the bot's settings on Telegram keeps it from doing what is configured here, and how to mend it: one sentence for the
    /// owner. Privacy mode hides from a bot what in groups is not meant for it ("Privacy mode", Bot Features).
    package func concern(about bot: BotIdentity) -> String? {
        guard hearsEverything, !bot.canReadAllGroupMessages else { return nil }
        return "access.groups is all, but privacy mode hides most messages in groups from the bot: turn it off with "
            + "/setprivacy at @BotFather, then take the bot out of each group and add it again, or make it an administrator there"
    }
}
