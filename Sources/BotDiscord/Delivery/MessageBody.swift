/// The body of a request that makes or edits a message (Message Resource, "Create Message").
struct MessageBody: Encodable, Sendable, Hashable {
    let content: String
    /// Discord returns the first message instead of making a second one with the same nonce, for a few minutes.
    var nonce: String?
    /// The message to reply to.
    var replyTo: String?
    /// Whether only the person who asked sees it; interactions only.
    var isPrivate = false

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

    private enum CodingKeys: String, CodingKey {
        case content, nonce, flags
        case enforceNonce = "enforce_nonce"
        case allowedMentions = "allowed_mentions"
        case reference = "message_reference"
    }

    func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(content, forKey: .content)
        // Each time, on edits as well: without it Discord goes by its defaults, which ping.
        try values.encode(AllowedMentions(), forKey: .allowedMentions)
        if let nonce {
            try values.encode(nonce, forKey: .nonce)
            try values.encode(true, forKey: .enforceNonce)
        }
        if let replyTo { try values.encode(Reference(message: replyTo), forKey: .reference) }
        if isPrivate { try values.encode(64, forKey: .flags) }
    }
}

/// A message as Discord returns it.
struct CreatedMessage: Decodable, Sendable {
    let id: String
}
