import BotCore

/// What requests do.
extension FakeDiscord {
    private static let messageKeys: Set<String> = [
        "content", "nonce", "enforce_nonce", "allowed_mentions", "attachments", "message_reference", "flags",
        "components",
    ]

    func perform(_ method: String, _ parts: [String], _ body: JSONValue, _ state: inout FakeDiscordState) -> Answer {
        switch (method, parts.first, parts.count) {
        case ("GET", "gateway", 2): return gateway()
        case ("POST", "channels", 3) where parts[2] == "messages": return create(in: parts[1], body, &state)
        case ("POST", "channels", 3) where parts[2] == "typing":
            guard state.channels[parts[1]] != nil else { return .error(404, 10003) }
            state.typing[parts[1], default: 0] += 1
            return Answer(status: 204)
        case ("PATCH", "channels", 4) where parts[2] == "messages": return edit(parts[3], body, &state)
        case ("DELETE", "channels", 4) where parts[2] == "messages": return delete(parts[3], &state)
        case ("POST", "users", 3) where parts[1] == "@me" && parts[2] == "channels": return openDirect(body, &state)
        case ("GET", "channels", 2): return channel(parts[1], state)
        case ("POST", "channels", 5) where parts[2] == "messages" && parts[4] == "threads":
            return startThread(from: parts[3], in: parts[1], body, &state)
        case ("GET", "applications", 2): return application(state)
        case ("GET", "applications", 3): return Answer(status: 200, body: .array(state.commands))
        case ("PUT", "applications", 3): return register(body, &state)
        case ("POST", "interactions", 4): return acknowledge(parts[1], parts[2], body, &state)
        case ("POST", "webhooks", 3): return followUp(parts[2], body, &state)
        case ("PATCH", "webhooks", 5): return editAnswer(parts[2], parts[4], body, &state)
        default:
            state.violations.append("unknown route \(method) /\(parts.joined(separator: "/"))")
            return .error(404, 0)
        }
    }

    /// Known once the server listens; requests come only then.
    var resumeURL: String { knownGatewayURL.withLock { $0 } + "/resume" }

    func rememberAddress() async {
        // The server listens: it has just accepted a request.
        guard let url = try? await gatewayURL else { return }
        knownGatewayURL.withLock { $0 = url }
    }

    private func gateway() -> Answer {
        let limit: [String: JSONValue] = [
            "total": .integer(1000), "remaining": .integer(999), "reset_after": .integer(14_400_000),
            "max_concurrency": .integer(1),
        ]
        return Answer(
            status: 200,
            body: .object([
                "url": .string(knownGatewayURL.withLock { $0 }), "shards": .integer(1),
                "session_start_limit": .object(limit),
            ]))
    }

    // MARK: - Messages

    private func create(in channel: String, _ body: JSONValue, _ state: inout FakeDiscordState) -> Answer {
        guard state.channels[channel] != nil else { return .error(404, 10003) }
        if let problem = problem(with: body, &state) { return problem }
        let nonce = body["nonce"]?.string
        if let nonce, body["enforce_nonce"]?.isTrue == true,
            let known = state.messages.first(where: { $0.nonce == nonce && $0.author == botID })
        {
            return Answer(status: 200, body: .object(wire(known, state)))
        }
        let reference = body["message_reference"]
        if let reference, let id = reference["message_id"]?.string, !state.messages.contains(where: { $0.id == id }),
            reference["fail_if_not_exists"] != .bool(false)
        {
            return .error(400, 50035)
        }
        var message = FakeDiscordMessage(
            id: state.snowflake(), channel: channel, author: botID, content: Self.content(body), flags: 0,
            nonce: nonce, replyTo: reference?["message_id"]?.string, interaction: nil)
        message.buttons = buttons(in: body, &state) ?? []
        return add(message, &state)
    }

    private func add(_ message: FakeDiscordMessage, _ state: inout FakeDiscordState) -> Answer {
        state.messages.append(message)
        if !message.isPrivate { announce(message, &state) }
        return Answer(status: 200, body: .object(wire(message, state)))
    }

    private func delete(_ id: String, _ state: inout FakeDiscordState) -> Answer {
        guard let message = state.messages.first(where: { $0.id == id }) else { return .error(404, 10008) }
        guard message.author == botID else { return .error(403, 50003) }
        state.messages.removeAll { $0.id == id }
        return Answer(status: 204)
    }

    private func edit(_ id: String, _ body: JSONValue, _ state: inout FakeDiscordState) -> Answer {
        guard let index = state.messages.firstIndex(where: { $0.id == id }) else { return .error(404, 10008) }
        guard state.messages[index].author == botID else { return .error(403, 50005) }
        // An edit without a text leaves it as it is.
        let isOfText = body["content"] != nil
        if let problem = problem(with: body, &state, mayBeEmpty: !isOfText) { return problem }
        if isOfText {
            state.messages[index].content = Self.content(body)
            state.messages[index].flags &= ~128
            state.messages[index].edits += 1
        }
        if let buttons = buttons(in: body, &state) { state.messages[index].buttons = buttons }
        return Answer(status: 200, body: .object(wire(state.messages[index], state)))
    }

    /// Takes a message away, as a moderator does.
    package func delete(_ message: String) { change { $0.messages.removeAll { $0.id == message } } }

    func problem(with body: JSONValue, _ state: inout FakeDiscordState, mayBeEmpty: Bool = false) -> Answer? {
        for key in body.members?.keys.sorted() ?? [] where !Self.messageKeys.contains(key) {
            state.violations.append("unknown property \(key)")
        }
        let mentions = body["allowed_mentions"]
        if mentions?["parse"] != .array([]) || mentions?["replied_user"] != .bool(false) {
            state.violations.append("pings are not forbidden")
        }
        if let nonce = body["nonce"]?.string, nonce.unicodeScalars.count > 25 { return .error(400, 50035) }
        let content = body["content"]?.string ?? ""
        if content.unicodeScalars.count > 2000 { return .error(400, 50035) }
        return Self.content(body).isEmpty && !mayBeEmpty ? .error(400, 50006) : nil
    }

    private static func content(_ body: JSONValue) -> String {
        let text = body["content"]?.string ?? ""
        guard let start = text.firstIndex(where: { !$0.isWhitespace }),
            let end = text.lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(text[start...end])
    }

    // MARK: - Commands and interactions

    private func register(_ body: JSONValue, _ state: inout FakeDiscordState) -> Answer {
        guard case .array(let commands) = body else { return .error(400, 50035) }
        for command in commands {
            let name = command["name"]?.string ?? ""
            let summary = command["description"]?.string ?? ""
            guard name.wholeMatch(of: #/[-_'\p{L}\p{N}]{1,32}/#) != nil, name == name.lowercased(),
                (1...100).contains(summary.unicodeScalars.count)
            else { return .error(400, 50035) }
            if case .array(let options) = command["options"] {
                for option in options {
                    let name = option["name"]?.string ?? ""
                    guard name.wholeMatch(of: #/[-_'\p{L}\p{N}]{1,32}/#) != nil, name == name.lowercased(),
                        (1...100).contains(option["description"]?.string?.unicodeScalars.count ?? 0),
                        option["type"]?.integer == 3
                    else { return .error(400, 50035) }
                }
            }
            if command["contexts"] != .array([.integer(0), .integer(1)]) {
                state.violations.append("a command without contexts: \(name)")
            }
        }
        guard commands.count <= 100, Set(commands.map { $0["name"]?.string }).count == commands.count else {
            return .error(400, 50035)
        }
        state.commands = commands
        return Answer(status: 200, body: body)
    }

    private func acknowledge(
        _ id: String, _ token: String, _ body: JSONValue, _ state: inout FakeDiscordState
    ) -> Answer {
        guard var interaction = state.interactions[id], interaction.token == token else { return .error(404, 10062) }
        let age = time.uptime - interaction.startedAt
        if interaction.callback != nil { return .error(400, 40060) }
        guard age <= .seconds(3) else {
            state.violations.append("interaction answered after \(age)")
            return .error(404, 10062)
        }
        interaction.callback = body
        interaction.acknowledgedAfter = age
        let flags = Int(body["data"]?["flags"]?.integer ?? 0) & 64
        let type = body["type"]?.integer
        if type == 4 || type == 5 {
            // What answers a press with a message is a new one, as with a command.
            if type == 4, let data = body["data"], let problem = problem(with: data, &state) { return problem }
            let message = FakeDiscordMessage(
                id: state.snowflake(), channel: interaction.channel, author: botID,
                content: type == 4 ? Self.content(body["data"] ?? .null) : "", flags: type == 5 ? flags | 128 : flags,
                nonce: nil, replyTo: nil, interaction: id)
            state.messages.append(message)
            interaction.original = message.id
        }
        if type == 6 {
            guard let pressed = interaction.pressed else { return .error(400, 50035) }
            interaction.original = pressed
        }
        state.interactions[id] = interaction
        return Answer(status: 204)
    }

    private func hook(_ token: String, _ state: FakeDiscordState) -> (FakeDiscordInteraction?, Answer) {
        guard let interaction = state.interactions.values.first(where: { $0.token == token }),
            time.uptime - interaction.startedAt <= .seconds(900)
        else { return (nil, .error(401, 50027)) }
        guard interaction.callback != nil else { return (nil, .error(404, 10015)) }
        return (interaction, Answer(status: 200))
    }

    private func followUp(_ token: String, _ body: JSONValue, _ state: inout FakeDiscordState) -> Answer {
        let (interaction, refusal) = hook(token, state)
        guard let interaction else { return refusal }
        if let problem = problem(with: body, &state) { return problem }
        var message = FakeDiscordMessage(
            id: state.snowflake(), channel: interaction.channel, author: botID, content: Self.content(body),
            flags: Int(body["flags"]?.integer ?? 0) & 64, nonce: nil, replyTo: nil, interaction: interaction.id)
        message.buttons = buttons(in: body, &state) ?? []
        state.interactions[interaction.id]?.followUps.append(message.id)
        return add(message, &state)
    }

    private func editAnswer(
        _ token: String, _ id: String, _ body: JSONValue, _ state: inout FakeDiscordState
    ) -> Answer {
        let (interaction, refusal) = hook(token, state)
        guard let interaction else { return refusal }
        let target = id == "@original" ? interaction.original : id
        guard let target, target == interaction.original || interaction.followUps.contains(target) else {
            return .error(404, 10008)
        }
        return edit(target, body, &state)
    }

    // MARK: - On the wire

    func wireUser(_ id: String, _ state: FakeDiscordState) -> JSONValue {
        var json = JSONValue.texts([
            "id": id, "username": id == botID ? "rigbot" : state.names[id] ?? id, "discriminator": "0",
        ])
        json["global_name"] = .null
        json["avatar"] = .null
        json["public_flags"] = .integer(0)
        json["bot"] = .bool(id == botID)
        return .object(json)
    }

    func wire(_ message: FakeDiscordMessage, _ state: FakeDiscordState) -> [String: JSONValue] {
        var json = JSONValue.texts([
            "id": message.id, "channel_id": message.channel, "content": message.content,
            "timestamp": "2026-01-01T00:00:00.000000+00:00",
        ])
        json["author"] = wireUser(message.author, state)
        if let replyTo = message.replyTo {
            json["message_reference"] = .object(["message_id": .string(replyTo)])
        }
        json["channel_type"] = .integer(Int64(state.channels[message.channel]?.type ?? 0))
        json["type"] = .integer(message.replyTo == nil ? 0 : 19)
        json["flags"] = .integer(Int64(message.flags))
        for list in ["attachments", "embeds", "components"] { json[list] = .array([]) }
        let pinged = [Self.managers, Self.readers, Self.botRole].filter { message.content.contains("<@&\($0)>") }
        json["mention_roles"] = .array(pinged.map { .string($0) })
        for fact in ["tts", "pinned", "mention_everyone"] { json[fact] = .bool(false) }
        json["edited_timestamp"] = .null
        if let nonce = message.nonce { json["nonce"] = .string(nonce) }
        var mentioned = [botID].filter { message.content.contains("<@\($0)>") }
        if let replyTo = message.replyTo, let target = state.messages.first(where: { $0.id == replyTo }) {
            json["referenced_message"] = .object([
                "id": .string(target.id), "author": wireUser(target.author, state), "content": .string(target.content),
            ])
            if !mentioned.contains(target.author) { mentioned.append(target.author) }
        }
        json["mentions"] = .array(mentioned.map { wireUser($0, state) })
        if let guild = state.channels[message.channel]?.guild {
            json["guild_id"] = .string(guild)
            json["member"] = .object(["nick": .null, "roles": roles(of: message.author, state)])
        }
        return json
    }
}
