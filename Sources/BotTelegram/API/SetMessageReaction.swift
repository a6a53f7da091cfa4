/// `setMessageReaction`: one emoji of Telegram's list, or none.
struct SetMessageReaction: TelegramCall {
    typealias Answer = Bool
    static let method = "setMessageReaction"

    /// `ReactionTypeEmoji`.
    struct Emoji: Encodable, Sendable, Equatable {
        let type = "emoji"
        let emoji: String
    }

    let chatID: Int64
    let messageID: Int64
    /// A bot may set one.
    let reaction: [Emoji]

    private enum CodingKeys: String, CodingKey {
        case reaction
        case chatID = "chat_id"
        case messageID = "message_id"
    }
}
