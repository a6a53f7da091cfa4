import BotCore

/// Turns Discord's events into events of the bot: which messages are for it, what they say, where the answer goes.
struct EventDecoder: Sendable {
    /// The names of the bot's commands.
    let commands: Set<String>
    /// Whether messages in servers that are not for the bot are passed on too.
    let hearsEverything: Bool

    /// Whether anything from servers is taken.
    var answersInServers = true

    /// Whether somebody may ask the bot something there.
    var mayAsk: @Sendable (Speaker, ChatScope) -> Bool = { _, _ in true }

    /// Channels of servers where every message is for the bot, in their threads too; a forum's posts are threads.
    var channels: Set<String> = []

    /// Whether every message is for the bot in the threads that it has made.
    var followsOwnThreads = false

    static let handledTypes: Set<Int> = [0, 19]
    /// Discord takes no message of more than 2,000 characters, so that people send a long text in pieces of nearly that length.
    private static let pieceLength = 1900

    /// The event of a message; nil when the bot has nothing to do with it.
    ///
    /// - Parameters:
    ///   - me: the bot's user id.
    ///   - title: the server's name where it is known.
    ///   - opensThread: whether the answer to a question opens a thread, which is a conversation of its own.
    func event(
        from message: DiscordMessage, me: String, title: String, opensThread: Bool = false, at now: Timestamp
    ) -> InboundEvent? {
        guard isOfPerson(message, me: me) else { return nil }
        let isAddressed = isAddressed(message, me: me)
        guard isAddressed || hearsEverything, let body = body(of: message, me: me) else { return nil }
        var address = DiscordAddress(
            channel: message.channel, replyTo: message.guild == nil ? nil : message.id, interaction: nil)
        if opensThread, isAddressed, case .message(let question) = body {
            address = DiscordAddress(
                channel: message.id, replyTo: nil, interaction: nil,
                thread: .init(parent: message.channel, name: ThreadName.of(question.text)))
        }
        return InboundEvent(
            externalID: "m\(message.id)",
            conversation: ConversationKey(platform: .discord, account: me, chat: address.channel),
            scope: scope(guild: message.guild, title: title), isAddressed: isAddressed,
            speaker: speaker(message.author, message.member), receivedAt: now, replyAddress: address.encoded,
            body: body, references: references(in: message, body, me: me))
    }

    /// Whether the bot has to do with a message: whether there is an event of it.
    func takes(_ message: DiscordMessage, me: String) -> Bool {
        event(from: message, me: me, title: "", at: Timestamp(rawValue: 0)) != nil
    }

    // MARK: - Parts

    private func body(of message: DiscordMessage, me: String) -> InboundEvent.Body? {
        let quote = quote(of: message, me: me)
        let text = MessageText.cleaned(
            message.content, mentions: message.mentions, me: me, role: message.ownRole?.id)
        let sentAt = Int64(message.id).map(Snowflake.moment)
        if let forwarded = forwarded(in: message, sentAt: sentAt) { return .message(forwarded) }
        let attachments =
            message.isPaste ? message.attachments.map(\.asPaste) : message.attachments.compactMap(\.readable)
        if text.isEmpty, attachments.isEmpty {
            if let kind = unreadableKind(of: message) { return .unreadable(kind: kind) }
            // Nothing but the bot's name: that is what the person has said.
            if let name = ownName(in: message, me: me) {
                return .message(
                    InboundMessage(
                        id: message.id, text: "@\(DisplayName.cleaned(name))", quoted: quote, sentAt: sentAt))
            }
            // Discord hides the text of messages that neither mention the bot nor ping it by a reply; a mention of its role is none.
            if message.mentionsOwnRole { return .unreadable(kind: InboundEvent.roleMention) }
            return message.guild == nil || message.referenced?.author.id == me
                ? .unreadable(kind: message.guild == nil ? "message" : "reply without a mention") : nil
        }
        if let command = MessageText.command(in: text, known: commands) {
            return .command(name: command.name, arguments: command.arguments)
        }
        // Typed where it is one of the slash commands, it is nothing but a question.
        let question = MessageText.command(in: text, known: [AskCommand.name]).map(\.arguments).flatMap {
            $0.isEmpty ? nil : $0
        }
        return .message(
            InboundMessage(
                id: message.id, text: question ?? text, quoted: quote, attachments: attachments,
                unreadable: message.attachments.filter { $0.readable == nil }.map(\.words),
                isCut: message.attachments.isEmpty && message.content.unicodeScalars.count >= Self.pieceLength,
                sentAt: sentAt))
    }

    /// What a message passes on; nil when it passes on nothing that can be read.
    private func forwarded(in message: DiscordMessage, sentAt: Timestamp?) -> InboundMessage? {
        let attachments = message.forwarded.flatMap(\.attachments)
        let text = message.forwarded.map(\.content.trimmed).filter { !$0.isEmpty }.joined(separator: "\n\n")
        let readable = attachments.compactMap(\.readable)
        if text.isEmpty, readable.isEmpty { return nil }
        return InboundMessage(
            id: message.id, text: text, forwardedFrom: "", attachments: readable,
            unreadable: attachments.filter { $0.readable == nil }.map(\.words), sentAt: sentAt)
    }

    /// At whom a command points. A message that the bot has written itself points at nobody.
    private func references(
        in message: DiscordMessage, _ body: InboundEvent.Body, me: String
    ) -> [PersonReference] {
        guard case .command = body else { return [] }
        func reference(_ user: DiscordUser) -> PersonReference {
            PersonReference(entry: user.isBot ? nil : "discord:\(user.id)", name: user.displayName)
        }
        // Discord mentions whom a message replies to as well, unless its person has switched that off.
        let other = message.referenced.map(\.author).flatMap { $0.id == me ? nil : $0 }
        let people = message.mentions.filter { $0.id != me && $0.id != other?.id }
        return (people + [other].compactMap(\.self)).map(reference)
    }

    private func quote(of message: DiscordMessage, me: String) -> InboundEvent.Quote? {
        guard let referenced = message.referenced else { return nil }
        let (text, attachments) = (referenced.content ?? "", referenced.attachments.compactMap(\.readable))
        if text.isEmpty, attachments.isEmpty { return nil }
        return InboundEvent.Quote(
            speaker: referenced.author.displayName, text: text, attachments: attachments,
            ownMessage: referenced.author.id == me ? referenced.id : nil)
    }

    private func unreadableKind(of message: DiscordMessage) -> String? {
        if let attachment = message.attachments.first { return attachment.words }
        if message.hasStickers { return "sticker" }
        if message.hasPoll { return "poll" }
        return message.forwarded.isEmpty ? nil : "forwarded message"
    }

    /// What the bot is called where the message names it; nil where it does not, or where that is hidden.
    private func ownName(in message: DiscordMessage, me: String) -> String? {
        if let user = message.mentions.first(where: { $0.id == me }) { return user.displayName }
        return message.mentionsOwnRole && !message.content.isEmpty ? message.ownRole?.name : nil
    }

    func scope(guild: String?, title: String) -> ChatScope {
        guild.map { .shared(space: "discord:guild:\($0)", title: title) } ?? .direct
    }

    func speaker(_ user: DiscordUser, _ member: DiscordMember?) -> Speaker {
        Speaker(id: user.id, name: member?.nick ?? user.displayName, roles: member?.roles ?? [])
    }
}
