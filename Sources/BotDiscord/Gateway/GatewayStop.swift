/// Why the gateway is left for good: only the owner can mend it.
enum GatewayStop: Sendable, Hashable {
    /// 4004, or 401 from the REST API.
    case tokenRefused
    /// 4014.
    case intentsRefused(withContent: Bool)
    /// 4010 to 4013.
    case unusable(code: Int)

    /// What happened and what to do, in one sentence.
    var sentence: String {
        switch self {
        case .tokenRefused:
            "Discord refused the bot token: copy a fresh one from https://discord.com/developers/applications (Bot, Reset "
                + "Token) into discord.botToken and restart"
        case .intentsRefused(withContent: true):
            "Discord refused the message content intent: switch on \"Message Content Intent\" at "
                + "https://discord.com/developers/applications (Bot, Privileged Gateway Intents), or set "
                + "discord.messageContentIntent to false, and restart"
        case .intentsRefused(withContent: false):
            "Discord refused an intent: look at the switches under Privileged Gateway Intents at "
                + "https://discord.com/developers/applications (Bot), and restart"
        case .unusable(code: 4011):
            "Discord wants this bot to be split into shards, because it is in 2,500 servers or more: mybot has one shard, "
                + "remove the bot from some servers and restart"
        case .unusable(let code):
            "Discord refused the connection for good (close code \(code)): this mybot is too old for Discord's gateway or "
                + "was built wrong, update it and restart"
        }
    }
}
