import BotCore

/// People who change what they have written.
extension FakeDiscordUser {
    /// Edits a message. Discord tells it once more when it adds a card for a link.
    package func edit(_ message: String, to text: String, mentioning: Bool = false, tellsTwice: Bool = false) {
        fake.change { state in
            guard let index = state.messages.firstIndex(where: { $0.id == message }) else { return }
            state.messages[index].content = mentioning ? "<@\(fake.botID)> \(text)" : text
            state.messages[index].edits += 1
            let edits = state.messages[index].edits
            for _ in 0..<(tellsTwice ? 2 : 1) {
                fake.announce(
                    state.messages[index],
                    extra: ["edited_timestamp": .string("2026-01-01T00:0\(edits):00.000000+00:00")],
                    event: "MESSAGE_UPDATE", &state)
            }
        }
    }

    /// Lets Discord add the card of a link to a message, which is no edit.
    package func addCard(to message: String) {
        fake.change { state in
            guard let known = state.messages.first(where: { $0.id == message }) else { return }
            fake.announce(
                known, extra: ["edited_timestamp": .null, "content": .string("another text")], event: "MESSAGE_UPDATE",
                &state)
        }
    }

    /// Deletes a message.
    package func delete(_ message: String) {
        fake.change { state in
            guard let known = state.messages.first(where: { $0.id == message }) else { return }
            state.messages.removeAll { $0.id == message }
            var json = JSONValue.texts(["id": message, "channel_id": known.channel])
            if let guild = state.channels[known.channel]?.guild { json["guild_id"] = .string(guild) }
            fake.send("MESSAGE_DELETE", JSONValue.object(json).text, to: Array(state.sessions.keys), &state)
        }
    }
}
