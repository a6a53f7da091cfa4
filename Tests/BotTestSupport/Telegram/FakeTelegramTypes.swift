package import BotCore

/// A request that reached the fake Telegram.
package struct FakeTelegramRequest: Sendable, Equatable {
    /// The method, as `sendMessage`.
    package let method: String
    package let arguments: [String: JSONValue]
    /// The status that it was answered with; nil while it is under way, or when it was never answered.
    package internal(set) var status: Int?

    /// A string argument.
    package func text(_ name: String) -> String? {
        if case .string(let value) = arguments[name] { value } else { nil }
    }

    /// A number argument.
    package func integer(_ name: String) -> Int64? {
        if case .integer(let value) = arguments[name] { value } else { nil }
    }
}

/// A message that the bot has sent, as it stands in the chat now.
package struct FakeTelegramMessage: Sendable, Equatable {
    package let id: Int64
    package let chat: Int64
    package internal(set) var text: String
    package internal(set) var entities: [JSONValue]
    package let replyTo: Int64?
    package let thread: Int64?
    /// What it carries; then the text is its caption.
    package var file: SentFile?
    /// How often its text was edited.
    package internal(set) var edits = 0
    /// The buttons under it.
    package internal(set) var buttons: [FakeTelegramButton] = []
}

/// Something that the bot did in a chat.
package enum FakeTelegramAction: Sendable, Equatable {
    case sent(id: Int64, text: String)
    case edited(id: Int64, text: String)
    case draft(id: Int64, text: String)
    case deleted(id: Int64)
    case typing
}

/// What goes wrong with a request.
package enum FakeTelegramFault: Sendable, Equatable {
    /// An error of the Bot API.
    case error(Int, String)
    /// 429 with this `retry_after`, in seconds.
    case flood(Int)
    /// A body that is none of the Bot API's.
    case body(status: Int, String)
    /// A success whose JSON is cut off; the request is carried out.
    case cutJSON
    /// The connection is reset before anything is done.
    case reset
    /// The request is carried out and its answer lost with the connection.
    case resetAfterwards
    /// Nothing is ever answered.
    case hang
}
