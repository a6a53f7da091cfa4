import BotCore
import Foundation

/// Where a reply goes on Telegram: what a `ReplyAddress` of this platform holds, as JSON.
struct TelegramAddress: Codable, Sendable, Equatable {
    let chat: Int64
    /// The topic; only of messages that are topic messages ("message thread not found" otherwise).
    var thread: Int64?
    /// The message that the first message of the answer replies to; groups only.
    var replyTo: Int64?
    let isPrivate: Bool

    private enum CodingKeys: String, CodingKey {
        case chat, thread, replyTo
        case isPrivate = "private"
    }

    /// The text form. Equal addresses give equal texts.
    var encoded: ReplyAddress {
        let parts = [
            #""chat":\#(chat)"#, #""private":\#(isPrivate)"#, replyTo.map { #""replyTo":\#($0)"# },
            thread.map { #""thread":\#($0)"# },
        ]
        return ReplyAddress(rawValue: "{" + parts.compactMap(\.self).joined(separator: ",") + "}")
    }

    init(chat: Int64, thread: Int64? = nil, replyTo: Int64? = nil, isPrivate: Bool) {
        self.chat = chat
        self.thread = thread
        self.replyTo = replyTo
        self.isPrivate = isPrivate
    }

    /// Reads the text form; nil when it is not one of this platform.
    init?(_ address: ReplyAddress) {
        // A text that does not decode is another platform's or damaged: the caller refuses it.
        guard let read = try? JSONDecoder().decode(Self.self, from: Data(address.rawValue.utf8)) else { return nil }
        self = read
    }
}
