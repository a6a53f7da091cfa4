/// `Update` of the Bot API: the kinds that the bot uses. All other members are ignored.
struct WireUpdate: Decodable, Sendable, Equatable {
    var message: WireMessage?
    var editedMessage: WireMessage?
    var myChatMember: WireChatMemberUpdate?
    var stoppedGeneration: WireStoppedGeneration?
    var callbackQuery: WireCallbackQuery?

    private enum CodingKeys: String, CodingKey {
        case callbackQuery = "callback_query"
        case message
        case editedMessage = "edited_message"
        case myChatMember = "my_chat_member"
        case stoppedGeneration = "stopped_message_generation"
    }
}

/// `User`.
struct WireUser: Decodable, Sendable, Equatable {
    let id: Int64
    let isBot: Bool
    let firstName: String?
    let lastName: String?

    private enum CodingKeys: String, CodingKey {
        case id
        case isBot = "is_bot"
        case firstName = "first_name"
        case lastName = "last_name"
    }

    var name: String { [firstName, lastName].compactMap(\.self).joined(separator: " ") }
}

/// `Chat`.
struct WireChat: Decodable, Sendable, Equatable {
    let id: Int64
    let type: String
    let title: String?
    let firstName: String?
    let lastName: String?

    private enum CodingKeys: String, CodingKey {
        case id, type, title
        case firstName = "first_name"
        case lastName = "last_name"
    }

    var isPrivate: Bool { type == "private" }
    var isGroup: Bool { type == "group" || type == "supergroup" }
    var name: String { title ?? [firstName, lastName].compactMap(\.self).joined(separator: " ") }
}

/// `MessageEntity` as it comes in; offsets count UTF-16 code units.
struct WireEntity: Decodable, Sendable, Equatable {
    let type: String
    let offset: Int
    let length: Int
    let user: WireUser?
}

/// `ChatMemberUpdated`: what somebody did to the bot's own membership.
struct WireChatMemberUpdate: Decodable, Sendable, Equatable {
    struct Member: Decodable, Sendable, Equatable {
        let status: String
        let isMember: Bool?

        private enum CodingKeys: String, CodingKey {
            case status
            case isMember = "is_member"
        }

        /// Whether this is a member; a restricted one may have left (`ChatMemberRestricted.is_member`).
        var isIn: Bool {
            switch status {
            case "creator", "administrator", "member": true
            case "restricted": isMember ?? false
            default: false
            }
        }
    }

    let chat: WireChat
    let from: WireUser
    let old: Member
    let new: Member

    private enum CodingKeys: String, CodingKey {
        case chat, from
        case old = "old_chat_member"
        case new = "new_chat_member"
    }
}

/// `StoppedMessageGeneration`: the Stop button of a draft (Bot API 10.3).
struct WireStoppedGeneration: Decodable, Sendable, Equatable {
    let chat: WireChat
    let threadID: Int64?
    let draftID: Int64

    private enum CodingKeys: String, CodingKey {
        case chat
        case threadID = "message_thread_id"
        case draftID = "draft_id"
    }
}
