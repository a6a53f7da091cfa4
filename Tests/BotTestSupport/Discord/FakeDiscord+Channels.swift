import BotCore

/// Channels, threads and the application.
extension FakeDiscord {
    /// Makes a channel in the server: 0 text, 5 announcements, 11 thread, 15 forum.
    package func makeChannel(type: Int, in parent: String? = nil) -> String {
        change { state in
            let id = state.snowflake()
            state.channels[id] = .init(id: id, guild: guild, recipient: nil, type: type, parent: parent)
            return id
        }
    }

    /// The threads in a channel: ids and names.
    package func threads(in channel: String) -> [(id: String, name: String)] {
        state.withLock { state in
            state.channels.values.filter { $0.parent == channel }.map { ($0.id, $0.name ?? "") }
        }
    }

    /// What the portal says of the application's intents (Application Resource, "Application Flags").
    package func setApplicationFlags(_ flags: Int64) { change { $0.applicationFlags = flags } }

    func channel(_ id: String, _ state: FakeDiscordState) -> Answer {
        guard let channel = state.channels[id] else { return .error(404, 10003) }
        return Answer(status: 200, body: wire(channel))
    }

    private func wire(_ channel: FakeDiscordState.Channel) -> JSONValue {
        var json: [String: JSONValue] = ["id": .string(channel.id), "type": .integer(Int64(channel.type))]
        if let guild = channel.guild { json["guild_id"] = .string(guild) }
        if let parent = channel.parent { json["parent_id"] = .string(parent) }
        if let owner = channel.owner { json["owner_id"] = .string(owner) }
        return .object(json)
    }

    /// Hides a channel of the server from everybody but those who manage it.
    package func hide(_ channel: String) { change { $0.channels[channel]?.isHidden = true } }

    /// The server as GUILD_CREATE tells it: with its roles once the bot has one, with its channels and threads, and of its members with the bot.
    func toldServer(_ state: FakeDiscordState) -> String {
        var json = JSONValue.texts(["id": guild, "name": "Rig", "owner_id": "1200000000000000041"])
        if state.hasOwnRole { json["roles"] = server(state)["roles"] }
        let places = state.channels.values.filter { $0.guild == guild }
        var newest: [String: String] = [:]
        for message in state.messages where !message.isPrivate { newest[message.channel] = message.id }
        func told(_ isThread: Bool) -> JSONValue {
            .array(
                places.filter { $0.isThread == isThread }.map { place in
                    var json = wire(place).members ?? [:]
                    json["last_message_id"] = newest[place.id].map { .string($0) } ?? .null
                    if place.isHidden {
                        json["permission_overwrites"] = .array([
                            .object([
                                "id": .string(guild), "type": .integer(0), "allow": .string("0"),
                                "deny": .string("\(1 << 10)"),
                            ])
                        ])
                    }
                    return .object(json)
                })
        }
        json["channels"] = told(false)
        json["threads"] = told(true)
        json["members"] = .array([
            .object(["user": wireUser(botID, state), "roles": .array(state.hasOwnRole ? [.string(Self.botRole)] : [])])
        ])
        return JSONValue.object(json).text
    }

    func openDirect(_ body: JSONValue, _ state: inout FakeDiscordState) -> Answer {
        guard let user = body["recipient_id"]?.string, state.names[user] != nil else { return .error(400, 50033) }
        let id = state.directChannel(with: user)
        return Answer(status: 200, body: .object(["id": .string(id), "type": .integer(1)]))
    }

    func application(_ state: FakeDiscordState) -> Answer {
        Answer(status: 200, body: .object(["id": .string(botID), "flags": .integer(state.applicationFlags)]))
    }

    func startThread(
        from message: String, in channel: String, _ body: JSONValue, _ state: inout FakeDiscordState
    ) -> Answer {
        guard let parent = state.channels[channel], state.messages.contains(where: { $0.id == message }) else {
            return .error(404, 10008)
        }
        guard parent.type == 0 || parent.type == 5 else { return .error(400, 50024) }
        let name = body["name"]?.string ?? ""
        guard (1...100).contains(name.unicodeScalars.count) else { return .error(400, 50035) }
        guard state.channels[message] == nil else { return .error(400, 160_004) }
        let thread = FakeDiscordState.Channel(
            id: message, guild: parent.guild, recipient: nil, type: 11, parent: channel, name: name, owner: botID)
        state.channels[message] = thread
        send("THREAD_CREATE", wire(thread).text, to: Array(state.sessions.keys), &state)
        return Answer(status: 201, body: .object(["id": .string(message), "name": .string(name)]))
    }
}
