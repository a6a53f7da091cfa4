import BotCore

/// One method of the Bot API with its parameters, encoded as the JSON body, and the type of its result.
protocol TelegramCall: Encodable, Sendable {
    associatedtype Answer: Decodable & Sendable
    static var method: String { get }
}

/// `getMe`: who the bot is; also the check of the token.
struct GetMe: TelegramCall {
    typealias Answer = BotIdentity
    static let method = "getMe"
}

/// `deleteWebhook`: a webhook would keep `getUpdates` from working. What waits at Telegram is kept.
struct DeleteWebhook: TelegramCall {
    typealias Answer = Bool
    static let method = "deleteWebhook"
    let dropPendingUpdates = false

    private enum CodingKeys: String, CodingKey { case dropPendingUpdates = "drop_pending_updates" }
}

/// `getUpdates`: the long poll.
struct GetUpdates: TelegramCall {
    typealias Answer = [ReceivedUpdate]
    static let method = "getUpdates"
    /// The kinds that the bot uses. Telegram remembers the list and sends `stopped_message_generation` only when asked to.
    static let kinds = [
        "message", "edited_message", "callback_query", "my_chat_member", "stopped_message_generation",
    ]

    let offset: Int64?
    let limit: Int
    let timeout: Int64
    let allowedUpdates = GetUpdates.kinds

    private enum CodingKeys: String, CodingKey {
        case offset, limit, timeout
        case allowedUpdates = "allowed_updates"
    }
}
