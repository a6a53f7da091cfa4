import BotCore

/// `InlineKeyboardMarkup`: buttons under a message, here in one line.
struct InlineKeyboard: Encodable, Sendable, Equatable {
    /// `InlineKeyboardButton` with `callback_data`, which takes 1 to 64 bytes.
    struct Button: Encodable, Sendable, Equatable {
        let text: String
        let callbackData: String

        private enum CodingKeys: String, CodingKey {
            case text
            case callbackData = "callback_data"
        }
    }

    let rows: [[Button]]

    private enum CodingKeys: String, CodingKey { case rows = "inline_keyboard" }

    /// Nil for no buttons: an edit without a keyboard takes an older one away.
    init?(_ buttons: [ReplyButton]) {
        if buttons.isEmpty { return nil }
        rows = [buttons.map { Button(text: $0.label, callbackData: $0.action.rawValue) }]
    }
}

/// `answerCallbackQuery`: ends the wait of the client of somebody who pressed a button.
struct AnswerCallbackQuery: TelegramCall {
    typealias Answer = Bool
    static let method = "answerCallbackQuery"
    /// The longest notice, in characters.
    static let longestText = 200

    let queryID: String
    /// A notice at the top of the chat, for the person alone.
    let text: String?

    private enum CodingKeys: String, CodingKey {
        case text
        case queryID = "callback_query_id"
    }
}

/// `editMessageReplyMarkup` without a keyboard: takes the buttons off a message.
struct RemoveKeyboard: TelegramCall {
    typealias Answer = EditedMessage
    static let method = "editMessageReplyMarkup"
    let chatID: Int64
    let messageID: Int64

    private enum CodingKeys: String, CodingKey {
        case chatID = "chat_id"
        case messageID = "message_id"
    }
}
