import BotCore

/// The body of a request that makes or edits a message (Message Resource, "Create Message").
struct MessageBody: Encodable, Sendable, Hashable {
    /// The text; nil leaves the one that stands.
    var content: String?
    /// The buttons under it; nil leaves those that stand, none takes them away.
    var buttons: [ReplyButton]?
    /// Discord returns the first message instead of making a second one with the same nonce, for a few minutes.
    var nonce: String?
    /// A file that the message carries; it is no part of the JSON (Reference, "Uploading Files").
    var file: ReplyFile?
    /// The message to reply to.
    var replyTo: String?
    /// Whether only the person who asked sees it; interactions only.
    var isPrivate = false

    /// Links are shown as they are, without a card for each (Message Resource, "Message Flags": SUPPRESS_EMBEDS).
    private static let withoutCards = 4
    /// EPHEMERAL.
    private static let forOnePerson = 64

    private struct AllowedMentions: Encodable {
        let parse: [String] = []
        let repliedUser = false
        enum CodingKeys: String, CodingKey {
            case parse
            case repliedUser = "replied_user"
        }
    }

    private struct Reference: Encodable {
        let message: String
        let failIfNotExists = false
        enum CodingKeys: String, CodingKey {
            case message = "message_id"
            case failIfNotExists = "fail_if_not_exists"
        }
    }

    private struct Upload: Encodable {
        let id = 0
        let filename: String
    }

    private enum CodingKeys: String, CodingKey {
        case content, components, nonce, flags, attachments
        case enforceNonce = "enforce_nonce"
        case allowedMentions = "allowed_mentions"
        case reference = "message_reference"
    }

    func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encodeIfPresent(content, forKey: .content)
        // Each time, on edits as well: without it Discord goes by its defaults, which ping.
        try values.encode(AllowedMentions(), forKey: .allowedMentions)
        if let buttons { try values.encode(ActionRow.rows(of: buttons), forKey: .components) }
        // What is listed is all that the message has, so a repeated edit adds no second one.
        if let file { try values.encode([Upload(filename: file.name)], forKey: .attachments) }
        if let nonce {
            try values.encode(nonce, forKey: .nonce)
            try values.encode(true, forKey: .enforceNonce)
        }
        if let replyTo { try values.encode(Reference(message: replyTo), forKey: .reference) }
        let flags = (content == nil ? 0 : Self.withoutCards) | (isPrivate ? Self.forOnePerson : 0)
        if flags != 0 { try values.encode(flags, forKey: .flags) }
    }
}

/// A line of buttons under a message (Components Reference, "Action Row" and "Button").
private struct ActionRow: Encodable {
    struct Button: Encodable {
        let type = 2
        /// Grey: none of them is what everybody has to press.
        let style = 2
        let label: String
        /// 1 to 100 characters.
        let code: String

        enum CodingKeys: String, CodingKey {
            case type, style, label
            case code = "custom_id"
        }
    }

    let type = 1
    let components: [Button]

    /// An action row takes five buttons.
    private static let most = 5

    static func rows(of buttons: [ReplyButton]) -> [ActionRow] {
        if buttons.isEmpty { return [] }
        return [ActionRow(components: buttons.prefix(most).map { Button(label: $0.label, code: $0.action.rawValue) })]
    }
}

/// A message as Discord returns it.
struct CreatedMessage: Decodable, Sendable {
    let id: String
}
