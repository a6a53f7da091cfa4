/// The link by which somebody who manages a server brings the bot into it (OAuth2, "Bot Authorization Flow").
enum BotInvite {
    static func url(application: String, answersInThread: Bool) -> String {
        // What the bot does there, and nothing else.
        var permissions: DiscordPermissions = [
            .viewChannel, .sendMessages, .readMessageHistory, .sendMessagesInThreads,
        ]
        if answersInThread { permissions.insert(.createPublicThreads) }
        return "https://discord.com/oauth2/authorize?client_id=\(application)&scope=bot+applications.commands"
            + "&permissions=\(permissions.rawValue)"
    }
}
