package import BotCore

/// What the owner decides about Discord.
package struct DiscordConfiguration: Sendable {
    /// How an unfinished reply is shown.
    package enum Streaming: String, Sendable {
        /// As Discord allows: by edits.
        case auto
        case edit
        case off
    }

    /// The bot's token.
    package var botToken: Secret
    /// The REST API without trailing slash. Loopback lets the gateway be on loopback too.
    package var apiBaseURL: String
    /// Whether to ask for the privileged MESSAGE_CONTENT intent. Without it Discord shows the bot the text of direct
    /// messages, of messages that mention it and of replies that ping it, which is all that it answers.
    package var messageContentIntent: Bool
    package var streaming: Streaming
    /// Whether messages in servers that are not for the bot are passed on too, marked as not addressed
    /// (`access.groups=all`); their text needs the intent.
    package var hearsEverything: Bool
    /// Whether anything from servers is taken (`access.groups` is not `off`).
    package var answersInServers: Bool
    /// Whether a question in a channel of a server is answered in a new thread.
    package var answerInThread: Bool
    /// The ids of channels of servers where every message is answered; their text needs the intent.
    package var channels: Set<String>

    /// Creates a configuration.
    ///
    /// - Parameters:
    ///   - botToken: `discord.botToken`, secret, no default.
    ///   - apiBaseURL: `discord.apiBaseURL`, default `https://discord.com/api/v10`.
    ///   - messageContentIntent: `discord.messageContentIntent`, default false.
    ///   - streaming: `discord.streaming`, `auto`, `edit` or `off`, default `auto`.
    ///   - hearsEverything: true where `access.groups` is `all`, default false.
    ///   - answersInServers: false where `access.groups` is `off`, default true.
    ///   - answerInThread: `discord.answerInThread`, default false.
    ///   - channels: `discord.channels`, default none.
    package init(
        botToken: Secret, apiBaseURL: String = "https://discord.com/api/v10", messageContentIntent: Bool = false,
        streaming: Streaming = .auto, hearsEverything: Bool = false, answersInServers: Bool = true,
        answerInThread: Bool = false, channels: Set<String> = []
    ) {
        self.botToken = botToken
        self.apiBaseURL = apiBaseURL.hasSuffix("/") ? String(apiBaseURL.dropLast()) : apiBaseURL
        self.messageContentIntent = messageContentIntent
        self.streaming = streaming
        self.hearsEverything = hearsEverything
        self.answersInServers = answersInServers
        self.answerInThread = answerInThread
        self.channels = channels
    }

    /// What keeps the bot from doing what is configured, and how to mend it: one sentence for the owner. Without the intent
    /// Discord hides the text of what in servers is not meant for the bot (Gateway, "Message Content Intent").
    var concern: String? {
        guard hearsEverything, !messageContentIntent else { return nil }
        return "access.groups is all, but Discord hides what in servers is not meant for the bot: set "
            + "discord.messageContentIntent to true, and switch on \"Message Content Intent\" at "
            + "https://discord.com/developers/applications (Bot)"
    }
}
