/// `Message` of the Bot API: what of it the bot uses.
struct WireMessage: Decodable, Sendable, Equatable {
    let messageID: Int64
    let threadID: Int64?
    let isTopicMessage: Bool
    let from: WireUser?
    let senderChat: WireChat?
    let chat: WireChat
    /// The supergroup that this group has become, and the group that this supergroup was.
    let migratedTo: Int64?
    let migratedFrom: Int64?
    let isAutomaticForward: Bool
    let isFromOffline: Bool
    let replyTo: WireRepliedMessage?
    /// The message of another chat that it replies to (`ExternalReplyInfo`).
    let externalReply: WireExternalReply?
    /// Whose message it is if it was forwarded (`forward_origin`).
    let forwardOrigin: WireForwardOrigin?
    /// The album that it is a part of.
    let mediaGroupID: String?
    /// When it was sent, in seconds since 1970.
    let date: Int64?
    /// The part of the other message that the person has chosen to reply to (`TextQuote`).
    let quotedPart: String?
    /// The text, or else the caption, with its entities.
    let text: String?
    let entities: [WireEntity]
    /// What the message is if it is no text, in words for people; nil for text and for service messages.
    let medium: String?
    /// What of it can be loaded.
    let media: WireMedia

    private enum CodingKeys: String, CodingKey {
        case text, entities, caption, from, chat, quote
        case date
        case externalReply = "external_reply"
        case forwardOrigin = "forward_origin"
        case mediaGroupID = "media_group_id"
        case messageID = "message_id"
        case threadID = "message_thread_id"
        case isTopicMessage = "is_topic_message"
        case senderChat = "sender_chat"
        case migratedTo = "migrate_to_chat_id"
        case migratedFrom = "migrate_from_chat_id"
        case isAutomaticForward = "is_automatic_forward"
        case isFromOffline = "is_from_offline"
        case replyTo = "reply_to_message"
        case captionEntities = "caption_entities"
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        messageID = try fields.decode(Int64.self, forKey: .messageID)
        threadID = try fields.decodeIfPresent(Int64.self, forKey: .threadID)
        isTopicMessage = try fields.decodeIfPresent(Bool.self, forKey: .isTopicMessage) ?? false
        from = try fields.decodeIfPresent(WireUser.self, forKey: .from)
        senderChat = try fields.decodeIfPresent(WireChat.self, forKey: .senderChat)
        chat = try fields.decode(WireChat.self, forKey: .chat)
        migratedTo = try fields.decodeIfPresent(Int64.self, forKey: .migratedTo)
        migratedFrom = try fields.decodeIfPresent(Int64.self, forKey: .migratedFrom)
        isAutomaticForward = try fields.decodeIfPresent(Bool.self, forKey: .isAutomaticForward) ?? false
        isFromOffline = try fields.decodeIfPresent(Bool.self, forKey: .isFromOffline) ?? false
        replyTo = try fields.decodeIfPresent(WireRepliedMessage.self, forKey: .replyTo)
        externalReply = try fields.decodeIfPresent(WireExternalReply.self, forKey: .externalReply)
        forwardOrigin = try fields.decodeIfPresent(WireForwardOrigin.self, forKey: .forwardOrigin)
        mediaGroupID = try fields.decodeIfPresent(String.self, forKey: .mediaGroupID)
        date = try fields.decodeIfPresent(Int64.self, forKey: .date)
        quotedPart = try fields.decodeIfPresent(Quote.self, forKey: .quote)?.text
        let plain = try fields.decodeIfPresent(String.self, forKey: .text)
        text = try plain ?? fields.decodeIfPresent(String.self, forKey: .caption)
        let key: CodingKeys = plain == nil ? .captionEntities : .entities
        entities = try fields.decodeIfPresent([WireEntity].self, forKey: key) ?? []
        media = try WireMedia(from: decoder)
        medium = try Medium.words(in: decoder)
    }

    /// The topic that the message is in. The general topic has none, and is never to be named: its number is 1, and nothing is sent there.
    var topic: Int64? { isTopicMessage && threadID != 1 ? threadID : nil }

    private struct Quote: Decodable { let text: String }

    /// Members of `Message` that hold something other than text. Order counts: a GIF is a document too, a place is a
    /// location too.
    enum Medium: String, CodingKey, CaseIterable {
        case photo, voice, audio, video, animation, document, sticker, contact, venue, location, poll, dice, story, game
        case checklist
        case videoNote = "video_note"
        case livePhoto = "live_photo"
        case paidMedia = "paid_media"
        case richMessage = "rich_message"

        /// What an object with such members holds; nil when it is none of them.
        static func words(in decoder: any Decoder) throws -> String? {
            let media = try decoder.container(keyedBy: Self.self)
            return allCases.first { media.contains($0) }?.words
        }

        var words: String {
            switch self {
            case .photo, .livePhoto: "photo"
            case .voice: "voice message"
            case .audio: "audio file"
            case .video: "video"
            case .videoNote: "video message"
            case .animation: "GIF"
            case .document: "file"
            case .sticker: "sticker"
            case .contact: "contact"
            case .venue: "place"
            case .location: "location"
            case .poll: "poll"
            case .dice: "dice"
            case .story: "story"
            case .game: "game"
            case .checklist: "checklist"
            case .paidMedia: "paid media"
            case .richMessage: "rich message"
            }
        }
    }
}

/// The message that another one replies to: what of it the bot uses.
struct WireRepliedMessage: Decodable, Sendable, Equatable {
    let messageID: Int64
    let from: WireUser?
    let senderChat: WireChat?
    let text: String?
    let caption: String?
    /// What it is if it is no text, in words for people.
    let medium: String?
    /// What of it can be loaded.
    let media: WireMedia

    private enum CodingKeys: String, CodingKey {
        case from, text, caption
        case messageID = "message_id"
        case senderChat = "sender_chat"
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        messageID = try fields.decode(Int64.self, forKey: .messageID)
        from = try fields.decodeIfPresent(WireUser.self, forKey: .from)
        senderChat = try fields.decodeIfPresent(WireChat.self, forKey: .senderChat)
        text = try fields.decodeIfPresent(String.self, forKey: .text)
        caption = try fields.decodeIfPresent(String.self, forKey: .caption)
        medium = try WireMessage.Medium.words(in: decoder)
        media = try WireMedia(from: decoder)
    }
}
