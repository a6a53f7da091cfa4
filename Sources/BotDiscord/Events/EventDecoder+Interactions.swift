import BotCore

/// Interactions: slash commands and presses of buttons. How one is acknowledged and what it becomes are decided by the same function, so
/// that nothing is left waiting.
extension EventDecoder {
    /// What an interaction asks the bot for.
    enum Calling: Equatable {
        /// One of the bot's slash commands; in servers only its person sees the answers of most, and every refusal.
        case command(isPrivate: Bool)
        /// A button that means something.
        case press
        /// Something from a server, where the bot does nothing.
        case notHere
    }

    /// Commands whose answer everybody in a server sees: those that the model answers.
    private static let openCommands: Set<String> = [AskCommand.name, "retry"]

    /// What the interaction asks for; nil when the bot has nothing to do with it.
    func calling(of interaction: DiscordInteraction) -> Calling? {
        guard let user = interaction.user, !user.isBot, interaction.channel != nil else { return nil }
        let isInServer = interaction.guild != nil
        let calling: Calling
        switch interaction.type {
        case 2:
            guard let command = interaction.command, command.type == 1,
                commands.contains(command.name) || command.name == AskCommand.name
            else { return nil }
            let isOpen =
                Self.openCommands.contains(command.name)
                && mayAsk(speaker(user, interaction.member), scope(guild: interaction.guild, title: ""))
            calling = .command(isPrivate: isInServer && !isOpen)
        case 3:
            guard let press = interaction.press, ReplyAction(rawValue: press.code) != nil else { return nil }
            calling = .press
        default: return nil
        }
        return isInServer && !answersInServers ? .notHere : calling
    }

    /// The event of a slash command or a press; nil for every other interaction.
    func event(from interaction: DiscordInteraction, me: String, title: String, at now: Timestamp) -> InboundEvent? {
        guard let calling = calling(of: interaction), let user = interaction.user, let channel = interaction.channel
        else { return nil }
        let address: DiscordAddress
        let body: InboundEvent.Body
        switch calling {
        case .notHere: return nil
        case .command(let isPrivate):
            guard let command = interaction.command else { return nil }
            address = DiscordAddress(
                channel: channel, replyTo: nil, interaction: reference(to: interaction, isPrivate: isPrivate, at: now))
            body =
                command.name == AskCommand.name
                ? .message(InboundMessage(text: command.arguments))
                : .command(name: command.name, arguments: command.arguments)
        case .press:
            guard let press = interaction.press else { return nil }
            address = DiscordAddress(
                channel: channel,
                // As the answer that it is under, if that replied to something.
                replyTo: interaction.guild == nil || press.isPrivate ? nil : press.replyTo ?? press.message,
                interaction: nil, press: reference(to: interaction, isPrivate: press.isPrivate, at: now))
            body = .buttonPressed(ButtonPress(code: press.code, id: interaction.id, message: press.message))
        }
        return InboundEvent(
            externalID: "i\(interaction.id)",
            conversation: ConversationKey(platform: .discord, account: me, chat: channel),
            scope: scope(guild: interaction.guild, title: title), isAddressed: true,
            speaker: speaker(user, interaction.member), receivedAt: now, replyAddress: address.encoded, body: body)
    }

    private func reference(
        to interaction: DiscordInteraction, isPrivate: Bool, at now: Timestamp
    ) -> DiscordAddress.Interaction {
        DiscordAddress.Interaction(
            id: interaction.id, token: interaction.token.exposed, application: interaction.application,
            acceptedAt: now, isPrivate: isPrivate)
    }
}
