/// `MessageOrigin`: whose message a forwarded one is. What is missing, or of a type that is not known, leaves the name empty: the message
/// is read all the same.
struct WireForwardOrigin: Decodable, Sendable, Equatable {
    /// The name as Telegram gives it: untrusted text.
    let name: String

    private enum CodingKeys: String, CodingKey {
        case chat
        case user = "sender_user"
        case hiddenName = "sender_user_name"
        case senderChat = "sender_chat"
    }

    init(from decoder: any Decoder) throws {
        guard let fields = try? decoder.container(keyedBy: CodingKeys.self) else {
            name = ""
            return
        }
        let user = try? fields.decode(WireUser.self, forKey: .user)
        let hidden = try? fields.decode(String.self, forKey: .hiddenName)
        let chat =
            (try? fields.decode(WireChat.self, forKey: .senderChat))
            ?? (try? fields.decode(WireChat.self, forKey: .chat))
        name = user?.name ?? hidden ?? chat?.name ?? ""
    }
}

/// `ExternalReplyInfo`: a message of another chat that somebody replies to. Its text comes as the quote alone.
struct WireExternalReply: Decodable, Sendable, Equatable {
    let origin: WireForwardOrigin?
    /// What it is if it is no text, in words for people.
    let medium: String?
    /// What of it can be loaded.
    let media: WireMedia

    private enum CodingKeys: String, CodingKey { case origin }

    init(from decoder: any Decoder) throws {
        origin = try decoder.container(keyedBy: CodingKeys.self).decodeIfPresent(
            WireForwardOrigin.self, forKey: .origin)
        medium = try WireMessage.Medium.words(in: decoder)
        media = try WireMedia(from: decoder)
    }
}
