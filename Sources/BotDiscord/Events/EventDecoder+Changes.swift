import BotCore

/// Edits and deletions.
extension EventDecoder {
    /// The event of an edit; nil when it changes nothing for the bot. An edit that is told twice, as it is once cards for links are added,
    /// is the same event.
    func event(
        fromEdited message: DiscordMessage, me: String, title: String, opensThread: Bool = false, at now: Timestamp
    ) -> InboundEvent? {
        guard let editedAt = message.editedAt,
            let event = event(from: message, me: me, title: title, opensThread: opensThread, at: now),
            case .message(let edited) = event.body
        else { return nil }
        return InboundEvent(
            externalID: "e\(message.id)/\(editedAt.prefix(40))", conversation: event.conversation, scope: event.scope,
            isAddressed: event.isAddressed, speaker: event.speaker, receivedAt: now, replyAddress: event.replyAddress,
            body: .edited(edited))
    }

    /// The events of a deletion. Who has deleted is not told.
    ///
    /// - Parameters:
    ///   - messages: those that the bot has taken.
    ///   - mayBeInThread: whether the answer may have opened a thread, whose conversation the message then belongs to.
    func events(
        from deletion: DiscordDeletion, of messages: [String], me: String, mayBeInThread: Bool, at now: Timestamp
    ) -> [InboundEvent] {
        messages.flatMap { message in
            ([deletion.channel] + (mayBeInThread ? [message] : [])).map { chat in
                InboundEvent(
                    externalID: "d\(message)/\(chat)",
                    conversation: ConversationKey(platform: .discord, account: me, chat: chat),
                    scope: scope(guild: deletion.guild, title: ""), isAddressed: true,
                    speaker: Speaker(id: "0", name: ""), receivedAt: now,
                    replyAddress: DiscordAddress(channel: chat, replyTo: nil, interaction: nil).encoded,
                    body: .deleted(message: message))
            }
        }
    }
}
