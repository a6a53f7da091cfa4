/// `getChatMember`: what somebody is in a chat.
struct GetChatMember: TelegramCall {
    typealias Answer = ChatMemberStatus
    static let method = "getChatMember"

    let chatID: Int64
    let userID: Int64

    private enum CodingKeys: String, CodingKey {
        case chatID = "chat_id"
        case userID = "user_id"
    }
}

/// What of `ChatMember` is needed.
struct ChatMemberStatus: Decodable, Sendable {
    let status: String

    /// `ChatMemberOwner` and `ChatMemberAdministrator`.
    var isAdministrator: Bool { status == "creator" || status == "administrator" }
}
