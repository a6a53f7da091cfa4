import BotCore

/// Buttons under messages, and who presses them.
extension FakeDiscord {
    /// The buttons that a body gives its message; nil when it says nothing of them.
    func buttons(in body: JSONValue, _ state: inout FakeDiscordState) -> [FakeDiscordButton]? {
        guard case .array(let rows) = body["components"] else { return nil }
        if rows.count > 5 { state.violations.append("too many action rows") }
        return rows.flatMap { row -> [FakeDiscordButton] in
            guard row["type"]?.integer == 1, case .array(let parts) = row["components"], (1...5).contains(parts.count)
            else {
                state.violations.append("no action row")
                return []
            }
            return parts.compactMap { part in
                guard part["type"]?.integer == 2, part["style"]?.integer.map({ (1...4).contains($0) }) ?? false,
                    let label = part["label"]?.string, (1...80).contains(label.count),
                    let code = part["custom_id"]?.string, (1...100).contains(code.count)
                else {
                    state.violations.append("no button")
                    return nil
                }
                return FakeDiscordButton(label: label, code: code)
            }
        }
    }
}

extension FakeDiscordUser {
    /// Presses a button under a message, whether it still stands there or not. Returns the interaction's id.
    @discardableResult
    package func press(_ code: String, under message: String, in channel: String? = nil) -> String {
        let channel = channel ?? self.channel
        return fake.change { state in
            var interaction = FakeDiscordInteraction(
                id: state.snowflake(), token: "secret-\(state.nextID)", channel: channel, user: id,
                startedAt: fake.time.uptime)
            interaction.pressed = message
            state.interactions[interaction.id] = interaction
            let data = JSONValue.object(["custom_id": .string(code), "component_type": .integer(2)])
            fake.announce(interaction, data: data, type: 3, &state)
            return interaction.id
        }
    }

    /// Presses a button by what stands on it; nil when the message has none of the kind.
    @discardableResult
    package func press(label: String, under message: String, in channel: String? = nil) -> String? {
        let channel = channel ?? self.channel
        let button = fake.sent(in: channel).first { $0.id == message }?.buttons.first { $0.label == label }
        return button.map { press($0.code, under: message, in: channel) }
    }
}
