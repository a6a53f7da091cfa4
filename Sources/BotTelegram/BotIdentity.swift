/// Who the bot is on Telegram, as `getMe` tells it.
package struct BotIdentity: Sendable, Equatable, Decodable {
    /// The bot's user id, which is also the number before the colon of its token.
    package let id: Int64
    /// The bot's name without `@`.
    package let username: String
    /// False while privacy mode is on: then groups show the bot only commands, mentions and replies.
    package let canReadAllGroupMessages: Bool

    package init(id: Int64, username: String, canReadAllGroupMessages: Bool = false) {
        self.id = id
        self.username = username
        self.canReadAllGroupMessages = canReadAllGroupMessages
    }

    private enum CodingKeys: String, CodingKey {
        case id, username
        case canReadAllGroupMessages = "can_read_all_group_messages"
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        id = try fields.decode(Int64.self, forKey: .id)
        username = try fields.decodeIfPresent(String.self, forKey: .username) ?? ""
        canReadAllGroupMessages = try fields.decodeIfPresent(Bool.self, forKey: .canReadAllGroupMessages) ?? false
    }
}
