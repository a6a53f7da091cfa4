/// The link by which somebody who manages a server brings the bot into it (OAuth2, "Bot Authorization Flow").
enum BotInvite {
    /// What the bot is allowed to do there: what it does, and nothing else (Permissions, "Bitwise Permission Flags").
    private enum Permission: UInt64 {
        case viewChannel = 10
        case sendMessages = 11
        case readMessageHistory = 16
        case createPublicThreads = 35
        case sendMessagesInThreads = 38
    }

    static func url(application: String, answersInThread: Bool) -> String {
        var permissions: [Permission] = [.viewChannel, .sendMessages, .readMessageHistory, .sendMessagesInThreads]
        if answersInThread { permissions.append(.createPublicThreads) }
        let bits = permissions.reduce(0) { $0 | 1 << $1.rawValue }
        return "https://discord.com/oauth2/authorize?client_id=\(application)&scope=bot+applications.commands"
            + "&permissions=\(bits)"
    }
}
