/// Which messages are for the bot.
extension EventDecoder {
    /// Whether a person has written it, in words or by a reply.
    func isOfPerson(_ message: DiscordMessage, me: String) -> Bool {
        !message.author.isBot && message.webhook == nil && message.author.id != me
            && Self.handledTypes.contains(message.type)
    }

    /// Whether it is for the bot, as far as the message was completed by `ServerKnowledge`.
    func isAddressed(_ message: DiscordMessage, me: String) -> Bool {
        message.guild == nil || message.mentions.contains { $0.id == me } || message.mentionsOwnRole
            || message.referenced?.author.id == me || channels.contains(message.channel)
            || message.thread.map { isFollowed($0, me: me) } ?? false
    }

    /// Whether it may depend on the message's thread, which is not known, whether it is for the bot. Where its words are hidden, it does not.
    func dependsOnThread(_ message: DiscordMessage, me: String) -> Bool {
        guard answersInServers, followsOwnThreads || !channels.isEmpty, message.thread == nil,
            message.channelType.map(DiscordThread.types.contains) ?? true,
            !message.content.isEmpty || !message.attachments.isEmpty || !message.forwarded.isEmpty
        else { return false }
        return isOfPerson(message, me: me) && !isAddressed(message, me: me)
    }

    /// Whether it may depend on which role is the bot's, which is not known, whether it is for the bot.
    func dependsOnRole(_ message: DiscordMessage, me: String) -> Bool {
        answersInServers && message.ownRole == nil && !message.mentionedRoles.isEmpty && isOfPerson(message, me: me)
            && !isAddressed(message, me: me)
    }

    private func isFollowed(_ thread: DiscordThread, me: String) -> Bool {
        channels.contains(thread.parent) || (followsOwnThreads && thread.owner == me)
    }
}

extension DiscordMessage {
    /// Whether it mentions the role that Discord has made for the bot: people pick it in place of the bot, which has the same name.
    var mentionsOwnRole: Bool { ownRole.map { mentionedRoles.contains($0.id) } ?? false }
}
