import BotCore

/// The gateway.
extension FakeDiscord {
    // MARK: - Faults

    /// Closes all connections with a code.
    package func closeAll(_ code: Int) { tellAll(.close(code)) }

    /// Cuts all connections without a word.
    package func dropAll() { tellAll(.drop) }

    /// Opcode 7 for all.
    package func askReconnect() { tellAll(.text(#"{"op":7,"d":null}"#)) }

    /// Opcode 1 for all.
    package func askHeartbeat() { tellAll(.text(#"{"op":1,"d":null}"#)) }

    /// Opcode 9 for all.
    package func invalidate(resumable: Bool) {
        change { state in
            if !resumable { state.sessions = [:] }
        }
        tellAll(.text(#"{"op":9,"d":\#(resumable)}"#))
    }

    /// Sends any event to all sessions.
    package func dispatch(_ event: String, json: String) {
        change { state in send(event, json, to: Array(state.sessions.keys), &state) }
    }

    private func tellAll(_ outgoing: FakeGatewayConnection.Outgoing) {
        for connection in state.withLock({ Array($0.connections.values) }) { connection.outgoing.put(outgoing) }
    }

    // MARK: - Events

    func announce(
        _ message: FakeDiscordMessage, extra: [String: JSONValue] = [:], event: String = "MESSAGE_CREATE",
        _ state: inout FakeDiscordState
    ) {
        var json = wire(message, state)
        json.merge(extra) { $1 }
        let isDirect = state.channels[message.channel]?.guild == nil
        let intent = isDirect ? 1 << 12 : 1 << 9
        let isForBot = isDirect || message.author == botID || message.content.contains("<@\(botID)>")
        for session in state.sessions.values where session.intents & intent != 0 {
            var visible = json
            if !isForBot, session.intents & 1 << 15 == 0 { visible["content"] = .string("") }
            send(event, JSONValue.object(visible).text, to: [session.id], &state)
        }
    }

    func announce(
        _ interaction: FakeDiscordInteraction, data: JSONValue, type: Int64, _ state: inout FakeDiscordState
    ) {
        var json = JSONValue.texts([
            "id": interaction.id, "application_id": botID, "token": interaction.token,
            "channel_id": interaction.channel,
        ])
        json["type"] = .integer(type)
        json["data"] = data
        if let pressed = interaction.pressed {
            let message = state.messages.first { $0.id == pressed }
            json["message"] = .object(
                message.map { wire($0, state) } ?? ["id": .string(pressed), "flags": .integer(0)])
        }
        let user = wireUser(interaction.user, state)
        if let guild = state.channels[interaction.channel]?.guild {
            json["guild_id"] = .string(guild)
            json["member"] = .object([
                "user": user, "roles": roles(of: interaction.user, state), "nick": .null,
            ])
        } else {
            json["user"] = user
        }
        send("INTERACTION_CREATE", JSONValue.object(json).text, to: Array(state.sessions.keys), &state)
    }

    func send(_ event: String, _ json: String, to sessions: [String], _ state: inout FakeDiscordState) {
        for id in sessions {
            guard var session = state.sessions[id] else { continue }
            session.seq += 1
            let text = #"{"op":0,"s":\#(session.seq),"t":"\#(event)","d":\#(json)}"#
            session.buffer.append((session.seq, text))
            if session.buffer.count > 2000 { session.buffer.removeFirst() }
            state.sessions[id] = session
            if let number = session.connection { state.connections[number]?.outgoing.put(.text(text)) }
        }
    }

    // MARK: - Connections

    func serveGateway(_ exchange: LoopbackExchange) async throws {
        if exchange.query != "v=10&encoding=json" {
            change { $0.violations.append("gateway query: \(exchange.query ?? "none")") }
        }
        let isAtResumeAddress = exchange.path == "/resume"
        if isAtResumeAddress, state.withLock({ $0.isResumeAddressDead }) { return await exchange.reset() }
        let socket = try await exchange.upgradeToWebSocket()
        let connection = change { state in
            state.connectionCount += 1
            let connection = FakeGatewayConnection(id: state.connectionCount, isAtResumeAddress: isAtResumeAddress)
            state.connections[connection.id] = connection
            if state.withheldHellos > 0 {
                state.withheldHellos -= 1
                return connection
            }
            connection.outgoing.put(.text(#"{"op":10,"d":{"heartbeat_interval":\#(state.heartbeatInterval)}}"#))
            return connection
        }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await Self.write(connection, to: socket) }
            await read(socket, connection)
            connection.outgoing.close()
            group.cancelAll()
        }
        change { state in
            state.connections[connection.id] = nil
            for id in state.sessions.keys where state.sessions[id]?.connection == connection.id {
                state.sessions[id]?.connection = nil
            }
        }
    }

    private static func write(_ connection: FakeGatewayConnection, to socket: LoopbackWebSocket) async {
        while let next = await connection.outgoing.next() {
            if case .text = next, connection.isMute.withLock({ $0 }) { continue }
            do {
                switch next {
                case .text(let text): try await socket.send(text: text)
                case .close(let code): try await socket.close(code: code)
                case .drop: return await socket.drop()
                }
            } catch {
                // The client has gone; the reader notices.
                return
            }
        }
    }

    private func read(_ socket: LoopbackWebSocket, _ connection: FakeGatewayConnection) async {
        while let message = await socket.receive() {
            switch message {
            case .text(let text): take(text, connection)
            // Some clients send their text so.
            case .binary(let bytes): take(String(decoding: bytes, as: UTF8.self), connection)
            case .close(let code, _):
                change { state in
                    state.closeCodes.append(code)
                    // The client's own 1000 or 1001 ends its session.
                    if code == 1000 || code == 1001 {
                        state.sessions = state.sessions.filter { $0.value.connection != connection.id }
                    }
                }
                // Only courtesy: the client may be gone already.
                try? await socket.close(code: code)
                return await socket.end()
            case .ping, .pong: continue
            }
        }
    }

    private func take(_ text: String, _ connection: FakeGatewayConnection) {
        guard text.utf8.count <= 4096, let payload = try? JSONValue(text: text) else {
            connection.outgoing.put(.close(4002))
            return
        }
        change { handle(payload, connection, &$0) }
    }

    private func handle(_ payload: JSONValue, _ connection: FakeGatewayConnection, _ state: inout FakeDiscordState) {
        state.received.append(payload)
        let data = payload["d"] ?? .null
        switch payload["op"]?.integer {
        case 1:
            state.heartbeats += 1
            if state.acknowledges { connection.outgoing.put(.text(#"{"op":11,"d":null}"#)) }
        case 2: identify(data, connection, &state)
        case 6: resume(data, connection, &state)
        default:
            state.violations.append("gateway opcode \(payload["op"]?.text ?? "none")")
            connection.outgoing.put(.close(4001))
        }
    }

    private func identify(_ data: JSONValue, _ connection: FakeGatewayConnection, _ state: inout FakeDiscordState) {
        state.identifies += 1
        let gap = state.lastIdentify.map { time.uptime - $0 }
        state.lastIdentify = time.uptime
        if state.withheldStarts > 0 {
            state.withheldStarts -= 1
            return
        }
        if !state.identifyAnswers.isEmpty {
            let code = state.identifyAnswers.removeFirst()
            connection.outgoing.put(code == 9 ? .text(#"{"op":9,"d":false}"#) : .close(code))
            return
        }
        guard data["token"]?.string == token else { return refuse(4004, connection) }
        let intents = Int(data["intents"]?.integer ?? 0)
        if intents & 1 << 15 != 0, !state.privileged { return refuse(4014, connection) }
        if let gap, gap < state.identifyGap {
            connection.outgoing.put(.text(#"{"op":9,"d":false}"#))
            return
        }
        if data["properties"]?["os"]?.string == nil { state.violations.append("identify without properties") }
        let session = FakeGatewaySession(id: "session\(state.identifies)", intents: intents, connection: connection.id)
        state.sessions = [session.id: session]
        send("READY", ready(session.id, state), to: [session.id], &state)
        guard state.hasServer else { return }
        send("GUILD_CREATE", toldServer(state), to: [session.id], &state)
    }

    private func ready(_ session: String, _ state: FakeDiscordState) -> String {
        var json = JSONValue.texts(["session_id": session, "resume_gateway_url": resumeURL])
        json["v"] = .integer(10)
        var user = wireUser(botID, state).members ?? [:]
        user.merge(["mfa_enabled": .bool(false), "verified": .bool(true), "email": .null, "flags": .integer(0)]) { $1 }
        json["user"] = .object(user)
        json["application"] = .object(["id": .string(botID), "flags": .integer(0)])
        json["guilds"] = .array(
            state.hasServer ? [.object(["id": .string(guild), "unavailable": .bool(true)])] : [])
        return JSONValue.object(json).text
    }

    private func resume(_ data: JSONValue, _ connection: FakeGatewayConnection, _ state: inout FakeDiscordState) {
        if !connection.isAtResumeAddress, !state.isResumeAddressDead {
            state.violations.append("resume at another address")
        }
        guard data["token"]?.string == token else { return refuse(4004, connection) }
        guard let id = data["session_id"]?.string, var session = state.sessions[id], let seq = data["seq"]?.integer
        else {
            connection.outgoing.put(.text(#"{"op":9,"d":false}"#))
            return
        }
        guard seq <= session.seq else { return refuse(4007, connection) }
        state.resumes += 1
        session.connection = connection.id
        state.sessions[id] = session
        for (number, text) in session.buffer where number > seq { connection.outgoing.put(.text(text)) }
        send("RESUMED", "{}", to: [id], &state)
    }

    private func refuse(_ code: Int, _ connection: FakeGatewayConnection) { connection.outgoing.put(.close(code)) }
}
