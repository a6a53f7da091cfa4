import BotCore

/// What can be read by REST.
extension FakeDiscord {
    /// Answers a request that only reads; nil for all others.
    func look(_ method: String, _ parts: [String], _ query: String, _ state: FakeDiscordState) -> Answer? {
        guard method == "GET" else { return nil }
        switch (parts.first, parts.count) {
        case ("users", 2) where parts[1] == "@me": return Answer(status: 200, body: wireUser(botID, state))
        case ("oauth2", 3) where parts[1] == "applications": return Answer(status: 200, body: ownApplication(state))
        case ("channels", 3) where parts[2] == "messages": return history(of: parts[1], query, state)
        case ("guilds", 2) where parts[1] == guild: return Answer(status: 200, body: server(state))
        case ("guilds", 4) where parts[1] == guild && parts[2] == "members":
            guard state.names[parts[3]] != nil else { return .error(404, 10007) }
            let member: [String: JSONValue] = [
                "user": wireUser(parts[3], state), "nick": .null, "roles": roles(of: parts[3], state),
            ]
            return Answer(status: 200, body: .object(member))
        default: return nil
        }
    }

    /// As much of the application as other clients want to know at their start.
    private func ownApplication(_ state: FakeDiscordState) -> JSONValue {
        var json = JSONValue.texts(["id": botID, "name": "Rig", "description": "", "verify_key": ""])
        json["owner"] = wireUser("1200000000000000041", state)
        json["rpc_origins"] = .array([])
        json["icon"] = .null
        json["bot_public"] = .bool(true)
        json["bot_require_code_grant"] = .bool(false)
        json["flags"] = .integer(0)
        json["team"] = .null
        return .object(json)
    }

    /// Without the fields that only events have, and without words that the bot may not see.
    private func history(of channel: String, _ query: String, _ state: FakeDiscordState) -> Answer {
        guard let place = state.channels[channel] else { return .error(404, 10003) }
        guard !place.isHidden else { return .error(403, 50001) }
        var options: [Substring: Int64] = [:]
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=")
            if parts.count == 2, let value = Int64(parts[1]) { options[parts[0]] = value }
        }
        let limit = Int(options["limit"] ?? 50)
        guard (1...100).contains(limit) else { return .error(400, 50035) }
        let after = options["after"] ?? 0
        let seesAll = place.guild == nil || state.sessions.values.contains { $0.intents & 1 << 15 != 0 }
        let found = state.messages.filter { $0.channel == channel && !$0.isPrivate && (Int64($0.id) ?? 0) > after }
        let items = found.prefix(limit).reversed().map { message -> JSONValue in
            var json = wire(message, state)
            for fact in ["guild_id", "member", "channel_type"] { json[fact] = nil }
            if !seesAll, message.author != botID, !message.content.contains("<@\(botID)>") {
                json["content"] = .string("")
            }
            return .object(json)
        }
        return Answer(status: 200, body: .array(items))
    }
}
