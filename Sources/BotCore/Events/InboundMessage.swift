/// What a person has sent for the model to read: words, and what came with them. All of it is untrusted.
package struct InboundMessage: Sendable, Equatable {
    /// The platform's id of the message, unique in its chat: an edit names it. Nil where the platform has none.
    package var id: String?
    /// The person's own words, or the forwarded text; empty where there is only something attached.
    package var text: String
    /// The message that it replies to.
    package var quoted: InboundEvent.Quote?
    /// Whose message it is when the person has passed on another one's: the name as the platform gives it, which may be empty. Nil for
    /// their own.
    package var forwardedFrom: String?
    /// Files that came with it, in the order of the platform.
    package var attachments: [Attachment]
    /// What came with it that the bot cannot read, in words for people ("voice message").
    package var unreadable: [String]
    /// The platform's id of the album that it is a part of: all parts are one question.
    package var album: String?
    /// Whether the person's client may have cut it off at the platform's limit, so that the rest comes as a next message.
    package var isCut: Bool
    /// When it was sent, as the platform says; it may be in whole seconds. Nil where the platform does not say.
    package var sentAt: Timestamp?

    package init(
        id: String? = nil, text: String, quoted: InboundEvent.Quote? = nil, forwardedFrom: String? = nil,
        attachments: [Attachment] = [], unreadable: [String] = [], album: String? = nil, isCut: Bool = false,
        sentAt: Timestamp? = nil
    ) {
        self.id = id
        self.text = text
        self.quoted = quoted
        self.forwardedFrom = forwardedFrom
        self.attachments = attachments
        self.unreadable = unreadable
        self.album = album
        self.isCut = isCut
        self.sentAt = sentAt
    }
}

extension InboundMessage: Codable {
    private enum CodingKeys: String, CodingKey {
        case id, text, quoted, forwardedFrom, attachments, unreadable, album, isCut, sentAt
    }

    /// Reads what any version has stored: the first ones knew `text` and `quoted` alone.
    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        id = try fields.decodeIfPresent(String.self, forKey: .id)
        text = try fields.decode(String.self, forKey: .text)
        quoted = try fields.decodeIfPresent(InboundEvent.Quote.self, forKey: .quoted)
        forwardedFrom = try fields.decodeIfPresent(String.self, forKey: .forwardedFrom)
        attachments = try fields.decodeIfPresent([Attachment].self, forKey: .attachments) ?? []
        unreadable = try fields.decodeIfPresent([String].self, forKey: .unreadable) ?? []
        album = try fields.decodeIfPresent(String.self, forKey: .album)
        isCut = try fields.decodeIfPresent(Bool.self, forKey: .isCut) ?? false
        sentAt = try fields.decodeIfPresent(Timestamp.self, forKey: .sentAt)
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encodeIfPresent(id, forKey: .id)
        try fields.encode(text, forKey: .text)
        try fields.encodeIfPresent(quoted, forKey: .quoted)
        try fields.encodeIfPresent(forwardedFrom, forKey: .forwardedFrom)
        if !attachments.isEmpty { try fields.encode(attachments, forKey: .attachments) }
        if !unreadable.isEmpty { try fields.encode(unreadable, forKey: .unreadable) }
        try fields.encodeIfPresent(album, forKey: .album)
        if isCut { try fields.encode(isCut, forKey: .isCut) }
        try fields.encodeIfPresent(sentAt, forKey: .sentAt)
    }
}

extension InboundEvent {
    /// A message that somebody replied to: untrusted text, shown to the model as data.
    package struct Quote: Sendable, Codable, Equatable {
        /// Who wrote it, as the platform gives the name.
        package let speaker: String
        /// Its text, or the part that the person has chosen; empty where it has none.
        package let text: String
        /// What it is where it is no text, in words for people ("photo", "voice message"); nil for text.
        package let medium: String?
        /// Files that came with it; nil for none.
        package let attachments: [Attachment]?
        /// The platform's id of the message where it is one of the bot's own and quoted whole: whoever knows what the model is shown leaves
        /// out what it sees anyway. Nil for all others.
        package let ownMessage: String?

        package init(
            speaker: String, text: String, medium: String? = nil, attachments: [Attachment] = [],
            ownMessage: String? = nil
        ) {
            self.ownMessage = ownMessage
            self.speaker = speaker
            self.text = text
            self.medium = medium
            self.attachments = attachments.isEmpty ? nil : attachments
        }
    }
}
