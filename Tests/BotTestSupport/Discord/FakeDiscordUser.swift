package import BotCore

/// A person on the fake Discord.
package struct FakeDiscordUser: Sendable {
    let fake: FakeDiscord
    package let id: String

    /// The direct channel with the bot.
    package var channel: String { fake.directChannel(with: id) }

    /// Writes to the bot, or into a channel, where `mentioning` addresses it by name. Returns the message's id.
    @discardableResult
    package func say(
        _ text: String, in channel: String? = nil, mentioning: Bool = false, replyTo: String? = nil,
        extra: [String: JSONValue] = [:]
    ) -> String {
        let channel = channel ?? self.channel
        let content = mentioning ? "<@\(fake.botID)> \(text)" : text
        return fake.change { state in
            let message = FakeDiscordMessage(
                id: state.snowflake(), channel: channel, author: id, content: content, flags: 0, nonce: nil,
                replyTo: replyTo, interaction: nil)
            state.messages.append(message)
            fake.announce(message, extra: extra, &state)
            return message.id
        }
    }

    /// Runs a slash command, whether it is registered or not. Returns the interaction's id.
    @discardableResult
    package func slash(_ name: String, _ text: String? = nil, in channel: String? = nil) -> String {
        let channel = channel ?? self.channel
        return fake.change { state in
            let interaction = FakeDiscordInteraction(
                id: state.snowflake(), token: "secret-\(state.nextID)", channel: channel, user: id,
                startedAt: fake.time.uptime)
            state.interactions[interaction.id] = interaction
            var data: [String: JSONValue] = ["name": .string(name), "type": .integer(1), "id": .string("1")]
            if let text {
                let option = name == "ask" ? "prompt" : "text"
                data["options"] = .array([
                    .object(["name": .string(option), "type": .integer(3), "value": .string(text)])
                ])
            }
            fake.announce(interaction, data: .object(data), type: 2, &state)
            return interaction.id
        }
    }
}
