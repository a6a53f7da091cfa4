/// Something that a person did on a platform and that the bot has to handle: stored in the inbox before the platform may
/// forget it, then handled once.
package struct InboundEvent: Sendable, Codable, Equatable {
    /// Unique among the events of one platform and bot account; a second event with it is the same one again.
    package let externalID: String
    package let conversation: ConversationKey
    package let scope: ChatScope
    /// Whether it is meant for the bot: always in private, else by mention, reply or a command for it.
    package let isAddressed: Bool
    package let speaker: Speaker
    package let receivedAt: Timestamp
    /// Where an answer goes.
    package let replyAddress: ReplyAddress
    package let body: Body
    /// Whom a command points at: who wrote the message that it replies to, and who is mentioned in it. Nil for nobody.
    package let references: [PersonReference]?

    /// What was done.
    ///
    /// Its stored form is in `InboundEvent+Coding.swift`: a case that is added here is added there.
    package enum Body: Sendable, Equatable {
        /// A message for the model.
        case message(InboundMessage)
        /// A message as it is after its person has edited it; `id` is the one that it had before.
        case edited(InboundMessage)
        /// A message was deleted, by its person or by somebody else; `message` is its id.
        case deleted(message: String)
        /// A command: its name in lower case without slash or bot name, and the rest of the line.
        case command(name: String, arguments: String)
        /// Somebody brought the bot into this chat or server.
        case broughtIn
        /// Somebody took the bot out of this chat, or blocked it: nothing goes there any more.
        case shutOut
        /// Somebody pressed Stop on the draft of a turn.
        case stopPressed(turn: TurnID)
        /// Somebody pressed a button under a message of the bot.
        case buttonPressed(ButtonPress)
        /// A message of a kind that the bot cannot read (voice, sticker, ...): named so that the answer can say it. `album`
        /// is the platform's id of the album that it is a part of.
        case unreadable(kind: String, album: String? = nil)
    }

    /// The kind of a message whose words are hidden, because it mentions the bot's role in place of the bot.
    package static let roleMention = "mention of my role"

    package init(
        externalID: String, conversation: ConversationKey, scope: ChatScope, isAddressed: Bool, speaker: Speaker,
        receivedAt: Timestamp, replyAddress: ReplyAddress, body: Body, references: [PersonReference] = []
    ) {
        self.externalID = externalID
        self.conversation = conversation
        self.scope = scope
        self.isAddressed = isAddressed
        self.speaker = speaker
        self.receivedAt = receivedAt
        self.replyAddress = replyAddress
        self.body = body
        self.references = references.isEmpty ? nil : references
    }
}

/// A person at whom a command points.
package struct PersonReference: Sendable, Codable, Hashable {
    /// The person's entry of the allow-list, as `telegram:123`; nil where the platform does not tell who it is.
    package let entry: String?
    /// What they call themselves: untrusted text.
    package let name: String

    package init(entry: String?, name: String) {
        self.entry = entry
        self.name = name
    }
}

extension InboundEvent {
    /// The same event in another conversation.
    package func moved(to conversation: ConversationKey) -> InboundEvent {
        InboundEvent(
            externalID: externalID, conversation: conversation, scope: scope, isAddressed: isAddressed,
            speaker: speaker, receivedAt: receivedAt, replyAddress: replyAddress, body: body,
            references: references ?? [])
    }
}

/// Whether a chat is between one person and the bot, or shared by several.
package enum ChatScope: Sendable, Codable, Hashable {
    /// One person and the bot.
    case direct
    /// A group or server; `space` is its entry of the allow-list (`telegram:chat:-100123`, `discord:guild:789`) and
    /// `title` its name as the platform gives it: untrusted text.
    case shared(space: String, title: String)

    package var isShared: Bool {
        if case .shared = self { true } else { false }
    }
}

/// Where a reply goes, in words that only the platform that made it understands: chat, topic, message to reply to,
/// interaction token. It may hold a short-lived secret, so it is never logged, and deleted once the reply has arrived.
package struct ReplyAddress: RawRepresentable, Sendable, Hashable, Codable {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
    package init(from decoder: any Decoder) throws { rawValue = try String(from: decoder) }
    package func encode(to encoder: any Encoder) throws { try rawValue.encode(to: encoder) }
}
