import BotCore

/// Turns updates into events; pure. What the bot has no use for gives nil and is acknowledged all the same.
struct UpdateDecoder: Sendable {
    /// From so many UTF-16 code units on a text may be a part of a longer one: clients cut at 4,096, before that at a word's end.
    static let cutLength = 4000

    let bot: BotIdentity

    /// The event of an update, or nil when it needs none.
    func event(for update: ReceivedUpdate, at now: Timestamp) -> InboundEvent? {
        guard let id = update.id, let content = update.content else { return nil }
        if let message = content.message { return event(for: message, id: id, at: now) }
        if let message = content.editedMessage { return event(forEdited: message, id: id, at: now) }
        if let change = content.myChatMember { return event(for: change, id: id, at: now) }
        if let stop = content.stoppedGeneration { return event(for: stop, id: id, at: now) }
        if let query = content.callbackQuery { return event(for: query, id: id, at: now) }
        return nil
    }

    /// The move that an update tells of: a group has become a supergroup, which both say of themselves.
    func move(in update: ReceivedUpdate) -> ChatMove? {
        guard let message = update.content?.message else { return nil }
        let (old, new): (Int64, Int64)
        if let chat = message.migratedTo {
            (old, new) = (message.chat.id, chat)
        } else if let chat = message.migratedFrom {
            (old, new) = (chat, message.chat.id)
        } else {
            return nil
        }
        return ChatMove("\(old)", to: "\(new)", platform: .telegram, account: "\(bot.id)")
    }

    // MARK: - Messages

    private func event(for message: WireMessage, id: Int64, at now: Timestamp) -> InboundEvent? {
        guard message.chat.isPrivate || message.chat.isGroup, !message.isAutomaticForward, !message.isFromOffline,
            let speaker = speaker(of: message)
        else { return nil }
        let text = EntityText(text: message.text ?? "", entities: message.entities)
        // What somebody has passed on gives no order and calls nobody.
        let isForward = message.forwardOrigin != nil
        let command = isForward ? nil : text.command
        if let name = command?.bot, name != bot.username.lowercased() { return nil }
        let mentions = message.chat.isPrivate || isForward ? [] : text.mentions(of: bot)
        let isAddressed = message.chat.isPrivate || command != nil || !mentions.isEmpty || repliesToUs(message)

        let body: InboundEvent.Body
        if let command {
            body = .command(name: command.name, arguments: command.arguments)
        } else if !text.text.trimmed.isEmpty || message.media.attachment != nil {
            body = .message(
                InboundMessage(
                    id: "\(message.messageID)", text: text.removing(mentions), quoted: quote(in: message),
                    forwardedFrom: message.forwardOrigin?.name,
                    attachments: [message.media.attachment].compactMap(\.self),
                    unreadable: [message.media.unreadable(else: message.medium)].compactMap(\.self),
                    album: message.mediaGroupID,
                    isCut: message.medium == nil && text.text.utf16.count >= Self.cutLength,
                    sentAt: message.date.map { Timestamp(rawValue: $0 * 1000) }))
        } else if let medium = message.media.unreadable(else: message.medium) {
            body = .unreadable(kind: medium, album: message.mediaGroupID)
        } else {
            return nil
        }
        let thread = message.topic
        return InboundEvent(
            externalID: "\(id)", conversation: conversation(message.chat, thread), scope: scope(of: message.chat),
            isAddressed: isAddressed, speaker: speaker, receivedAt: now,
            replyAddress: TelegramAddress(
                chat: message.chat.id, thread: thread, replyTo: message.chat.isPrivate ? nil : message.messageID,
                isPrivate: message.chat.isPrivate
            ).encoded,
            body: body, references: command == nil ? [] : references(in: message, text))
    }

    /// At whom a command points. A message that the bot has written itself points at nobody.
    private func references(in message: WireMessage, _ text: EntityText) -> [PersonReference] {
        var references = text.mentionedPeople.filter { $0.id != bot.id }.map {
            PersonReference(entry: "telegram:\($0.id)", name: $0.name)
        }
        if let other = repliedMessage(of: message), other.from?.id != bot.id {
            let person = other.senderChat == nil ? other.from.flatMap { $0.isBot ? nil : $0 } : nil
            references.append(
                PersonReference(entry: person.map { "telegram:\($0.id)" }, name: person?.name ?? ""))
        }
        return references
    }

    /// An edit of a message for the model; of anything else, commands too, it changes nothing.
    private func event(forEdited message: WireMessage, id: Int64, at now: Timestamp) -> InboundEvent? {
        guard let event = event(for: message, id: id, at: now), case .message(let edited) = event.body else {
            return nil
        }
        return InboundEvent(
            externalID: event.externalID, conversation: event.conversation, scope: event.scope,
            isAddressed: event.isAddressed, speaker: event.speaker, receivedAt: event.receivedAt,
            replyAddress: event.replyAddress, body: .edited(edited))
    }

    /// Who wrote a message; nil for bots. Anonymous administrators and people who write as a channel come with a bot of
    /// Telegram's own as the sender and the chat that they write as beside it.
    private func speaker(of message: WireMessage) -> Speaker? {
        if let chat = message.senderChat { return Speaker(id: "\(chat.id)", name: chat.name) }
        guard let user = message.from, !user.isBot, user.id != bot.id else { return nil }
        return Speaker(id: "\(user.id)", name: user.name)
    }

    /// The message that a person has replied to. In topics each message "replies" to the one that opened the topic.
    private func repliedMessage(of message: WireMessage) -> WireRepliedMessage? {
        guard let other = message.replyTo else { return nil }
        return message.isTopicMessage && other.messageID == message.threadID ? nil : other
    }

    private func repliesToUs(_ message: WireMessage) -> Bool { repliedMessage(of: message)?.from?.id == bot.id }

    private func quote(in message: WireMessage) -> InboundEvent.Quote? {
        if let other = repliedMessage(of: message) {
            // Which part of its own words was chosen the bot would not know otherwise.
            let isOwn = other.from?.id == bot.id && message.quotedPart == nil
            return quote(
                of: other.senderChat?.name ?? other.from?.name, message.quotedPart ?? other.text ?? other.caption,
                other.media, else: other.medium, ownMessage: isOwn ? "\(other.messageID)" : nil)
        }
        guard let other = message.externalReply else { return nil }
        return quote(of: other.origin?.name, message.quotedPart, other.media, else: other.medium)
    }

    private func quote(
        of speaker: String?, _ text: String?, _ media: WireMedia, else medium: String?, ownMessage: String? = nil
    ) -> InboundEvent.Quote? {
        let (text, medium) = (text?.trimmed ?? "", media.unreadable(else: medium))
        if text.isEmpty, medium == nil, media.attachment == nil { return nil }
        return InboundEvent.Quote(
            speaker: speaker ?? "", text: text, medium: medium, attachments: [media.attachment].compactMap(\.self),
            ownMessage: ownMessage)
    }

    // MARK: - Other kinds

    private func event(for change: WireChatMemberUpdate, id: Int64, at now: Timestamp) -> InboundEvent? {
        let isOut = change.old.isIn && !change.new.isIn
        if isOut {
            // A group that becomes a supergroup is left as well, and its work goes on.
            let mayHaveMoved = change.chat.type == "group" && change.new.status == "left"
            guard change.chat.isPrivate || change.chat.isGroup, !mayHaveMoved else { return nil }
        } else {
            guard change.chat.isGroup, !change.old.isIn, change.new.isIn else { return nil }
        }
        return InboundEvent(
            externalID: "\(id)", conversation: conversation(change.chat, nil), scope: scope(of: change.chat),
            isAddressed: true, speaker: Speaker(id: "\(change.from.id)", name: change.from.name), receivedAt: now,
            replyAddress: TelegramAddress(chat: change.chat.id, isPrivate: change.chat.isPrivate).encoded,
            body: isOut ? .shutOut : .broughtIn)
    }

    private func event(for stop: WireStoppedGeneration, id: Int64, at now: Timestamp) -> InboundEvent? {
        guard stop.chat.isPrivate else { return nil }
        return InboundEvent(
            externalID: "\(id)", conversation: conversation(stop.chat, stop.threadID), scope: .direct,
            isAddressed: true, speaker: Speaker(id: "\(stop.chat.id)", name: stop.chat.name), receivedAt: now,
            replyAddress: TelegramAddress(chat: stop.chat.id, thread: stop.threadID, isPrivate: true).encoded,
            body: .stopPressed(turn: TurnID(stop.draftID)))
    }

    private func event(for query: WireCallbackQuery, id: Int64, at now: Timestamp) -> InboundEvent? {
        guard let message = query.message, message.chat.isPrivate || message.chat.isGroup, !query.from.isBot else {
            return nil
        }
        // Of a message that is inaccessible nobody knows the topic: in a forum such a press finds nothing, and says so.
        let thread = message.isTopicMessage ? message.threadID : nil
        return InboundEvent(
            externalID: "\(id)", conversation: conversation(message.chat, thread), scope: scope(of: message.chat),
            isAddressed: true, speaker: Speaker(id: "\(query.from.id)", name: query.from.name), receivedAt: now,
            replyAddress: TelegramAddress(
                chat: message.chat.id, thread: thread,
                replyTo: message.chat.isPrivate ? nil : repliedMessage(of: message)?.messageID ?? message.messageID,
                isPrivate: message.chat.isPrivate
            ).encoded,
            body: .buttonPressed(
                ButtonPress(code: query.data ?? "", id: query.id, message: "\(message.messageID)")))
    }

    // MARK: - Parts

    private func conversation(_ chat: WireChat, _ thread: Int64?) -> ConversationKey {
        ConversationKey(
            platform: .telegram, account: "\(bot.id)", chat: "\(chat.id)", thread: thread.map { "\($0)" })
    }

    private func scope(of chat: WireChat) -> ChatScope {
        chat.isPrivate ? .direct : .shared(space: "telegram:chat:\(chat.id)", title: chat.title ?? "")
    }
}
