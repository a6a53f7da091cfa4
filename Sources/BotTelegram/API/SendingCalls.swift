/// What of a sent message is needed: its id.
struct SentMessage: Decodable, Sendable {
    let messageID: Int64

    private enum CodingKeys: String, CodingKey { case messageID = "message_id" }
}

/// `ReplyParameters`: the message that an answer replies to; gone meanwhile, the answer is sent all the same.
struct ReplyParameters: Encodable, Sendable {
    let messageID: Int64
    let allowSendingWithoutReply = true

    private enum CodingKeys: String, CodingKey {
        case messageID = "message_id"
        case allowSendingWithoutReply = "allow_sending_without_reply"
    }
}

/// `LinkPreviewOptions`: no previews, which would fetch addresses that a model has made up.
struct LinkPreviewOptions: Encodable, Sendable {
    let isDisabled = true

    private enum CodingKeys: String, CodingKey { case isDisabled = "is_disabled" }
}

/// `sendMessage`.
struct SendMessage: TelegramCall {
    typealias Answer = SentMessage
    static let method = "sendMessage"
    let chatID: Int64
    let threadID: Int64?
    let text: String
    let entities: [MessageEntity]?
    let linkPreviewOptions = LinkPreviewOptions()
    let replyParameters: ReplyParameters?
    let replyMarkup: InlineKeyboard?

    private enum CodingKeys: String, CodingKey {
        case text, entities
        case replyMarkup = "reply_markup"
        case chatID = "chat_id"
        case threadID = "message_thread_id"
        case linkPreviewOptions = "link_preview_options"
        case replyParameters = "reply_parameters"
    }
}

/// `sendDocument`: a message with a file, which is uploaded beside it.
struct SendDocument: TelegramCall {
    typealias Answer = SentMessage
    static let method = "sendDocument"
    let chatID: Int64
    let threadID: Int64?
    let caption: String
    let captionEntities: [MessageEntity]?
    let replyParameters: ReplyParameters?
    let replyMarkup: InlineKeyboard?

    private enum CodingKeys: String, CodingKey {
        case caption
        case replyMarkup = "reply_markup"
        case chatID = "chat_id"
        case threadID = "message_thread_id"
        case captionEntities = "caption_entities"
        case replyParameters = "reply_parameters"
    }
}

/// `deleteMessage`: of the bot's own messages, those of the last 48 hours.
struct DeleteMessage: TelegramCall {
    typealias Answer = Bool
    static let method = "deleteMessage"
    let chatID: Int64
    let messageID: Int64

    private enum CodingKeys: String, CodingKey {
        case chatID = "chat_id"
        case messageID = "message_id"
    }
}

/// `editMessageText`.
struct EditMessageText: TelegramCall {
    typealias Answer = EditedMessage
    static let method = "editMessageText"
    let chatID: Int64
    let messageID: Int64
    let text: String
    let entities: [MessageEntity]?
    let linkPreviewOptions = LinkPreviewOptions()
    let replyMarkup: InlineKeyboard?

    private enum CodingKeys: String, CodingKey {
        case text, entities
        case replyMarkup = "reply_markup"
        case chatID = "chat_id"
        case messageID = "message_id"
        case linkPreviewOptions = "link_preview_options"
    }
}

/// The result of an edit, a message or `true`: nothing of it is needed.
struct EditedMessage: Decodable, Sendable {
    init(from decoder: any Decoder) {}
}

/// `sendMessageDraft`: an unfinished reply, shown for 30 s; private chats only.
struct SendMessageDraft: TelegramCall {
    typealias Answer = Bool
    static let method = "sendMessageDraft"
    let chatID: Int64
    let threadID: Int64?
    let draftID: Int64
    let text: String
    let entities: [MessageEntity]?
    let canStop = true

    private enum CodingKeys: String, CodingKey {
        case text, entities
        case chatID = "chat_id"
        case threadID = "message_thread_id"
        case draftID = "draft_id"
        case canStop = "can_stop"
    }
}

/// `sendChatAction`: shows for 5 s that the bot is typing.
struct SendChatAction: TelegramCall {
    typealias Answer = Bool
    static let method = "sendChatAction"
    let chatID: Int64
    let threadID: Int64?
    let action = "typing"

    private enum CodingKeys: String, CodingKey {
        case action
        case chatID = "chat_id"
        case threadID = "message_thread_id"
    }
}
