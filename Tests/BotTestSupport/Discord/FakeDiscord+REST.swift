import BotCore

/// The REST API: headers, faults and limits; what requests do is in `FakeDiscord+Messages`.
extension FakeDiscord {
    /// What is answered; nil for a body is 204 or an empty one.
    struct Answer: Sendable {
        var status: Int
        var body: JSONValue?

        static func error(_ status: Int, _ code: Int64, _ message: String = "refused") -> Answer {
            Answer(status: status, body: .object(["code": .integer(code), "message": .string(message)]))
        }
    }

    /// About as Discord has them: requests in so many seconds for each channel or interaction.
    private static let limits: [String: (count: Int, window: Duration)] = [
        "POST messages": (5, .seconds(5)), "PATCH messages": (5, .seconds(5)), "POST typing": (5, .seconds(5)),
        "POST webhooks": (5, .seconds(2)), "PATCH webhooks": (5, .seconds(2)),
    ]

    func answer(_ exchange: LoopbackExchange) async throws {
        await rememberAddress()
        if exchange.wantsWebSocket { return try await serveGateway(exchange) }
        if exchange.path.hasPrefix(Self.filesPath) { return try await serveFile(exchange) }
        let prefix = "/api/v10"
        let path = exchange.path.hasPrefix(prefix) ? String(exchange.path.dropFirst(prefix.count)) : exchange.path
        // A body that is no JSON counts as none.
        let form = MultipartFields(exchange, types: [:])
        let body = form?.arguments["payload_json"] ?? (try? JSONValue(text: exchange.text)) ?? .null
        let file = form?.arguments["files[0]"].flatMap(SentFile.init)
        let name = "\(exchange.method) \(path)"
        let number = change { state -> Int in
            state.requests.append(
                FakeDiscordRequest(name: name, body: body, hasToken: exchange.header("Authorization") != nil))
            check(exchange, name, body, &state)
            return state.requests.count - 1
        }
        let fault = change { takeFault(name, &$0) }
        if case .lost = fault { return await exchange.reset() }
        if case .page(let status) = fault { return try await respond(exchange, withPage: status) }
        var headers: [(String, String)] = []
        let result = change { state -> Answer in
            let result = outcome(exchange, path, body, fault, &headers, &state)
            state.requests[number].status = result.status
            if result.status < 300, let file, case .string(let id)? = result.body?.members?["id"] {
                state.sentFiles[id] = file
            }
            return result
        }
        if case .answerLost = fault { return await exchange.reset() }
        if case .answerReplaced(let status) = fault { return try await respond(exchange, withPage: status) }
        if case .answerHeld(let gate) = fault { try await gate.wait() }
        let delay = state.withLock { $0.answerDelay }(name)
        if delay > .zero { try await time.sleep(for: delay) }
        if let body = result.body {
            try await exchange.respond(status: result.status, headers: headers, json: body.text)
        } else {
            try await exchange.respond(status: result.status, headers: headers)
        }
    }

    private func respond(_ exchange: LoopbackExchange, withPage status: Int) async throws {
        try await exchange.respond(status: status, headers: [("Content-Type", "text/html")], text: "<html>no")
    }

    private func outcome(
        _ exchange: LoopbackExchange, _ path: String, _ body: JSONValue, _ fault: FakeDiscordFault?,
        _ headers: inout [(String, String)], _ state: inout FakeDiscordState
    ) -> Answer {
        switch fault {
        case .status(let status, let code): return .error(status, Int64(code))
        case .limited(let span, let scope): return refused(span, scope, &headers)
        case .page, .lost, .answerLost, .answerReplaced, .answerHeld, nil: break
        }
        let parts = path.split(separator: "/").map(String.init)
        let isInteraction = parts.first == "interactions" || parts.first == "webhooks"
        let authorization = exchange.header("Authorization")
        if isInteraction {
            if authorization != nil { state.violations.append("bot token sent to an interaction") }
        } else if authorization != "Bot \(token)" {
            return .error(401, 0, "401: Unauthorized")
        }
        if let limited = limit(exchange.method, parts, &headers, &state) { return limited }
        return look(exchange.method, parts, exchange.query ?? "", state)
            ?? perform(exchange.method, parts, body, &state)
    }

    private func check(
        _ exchange: LoopbackExchange, _ name: String, _ body: JSONValue, _ state: inout FakeDiscordState
    ) {
        if !exchange.path.hasPrefix("/api/v10/") { state.violations.append("no version: \(name)") }
        let agent = exchange.header("User-Agent") ?? ""
        if agent.wholeMatch(of: #/DiscordBot \(\S+, \S+\).*/#) == nil {
            state.violations.append("user agent \(agent): \(name)")
        }
        if body != .null, exchange.header("Content-Type") != "application/json",
            MultipartFields(exchange, types: [:]) == nil
        {
            state.violations.append("content type: \(name)")
        }
    }

    private func takeFault(_ name: String, _ state: inout FakeDiscordState) -> FakeDiscordFault? {
        if state.isRESTDown { return .page(503) }
        guard let index = state.rules.firstIndex(where: { name.hasPrefix($0.match) && $0.left > 0 }) else {
            return state.randomFault(name)
        }
        state.rules[index].left -= 1
        return state.rules[index].fault
    }

    private func refused(_ span: Duration, _ scope: String, _ headers: inout [(String, String)]) -> Answer {
        headers += [
            ("Retry-After", "\(Int(span.inSeconds.rounded(.up)))"), ("X-RateLimit-Scope", scope), ("Via", "1.1 fake"),
        ]
        return Answer(
            status: 429,
            body: .object([
                "message": .string("You are being rate limited."), "retry_after": .number(span.inSeconds),
                "global": .bool(scope == "global"),
            ]))
    }

    private func limit(
        _ method: String, _ parts: [String], _ headers: inout [(String, String)], _ state: inout FakeDiscordState
    ) -> Answer? {
        let kind = parts.first == "channels" ? (parts.count > 2 ? parts[2] : "") : parts.first ?? ""
        guard let (count, window) = Self.limits["\(method) \(kind)"] else { return nil }
        let major = parts.first == "channels" ? parts[1] : parts.count > 2 ? parts[2] : ""
        let key = "\(method) \(kind) \(major)"
        var (left, resetsAt) = state.windows[key] ?? (count, time.uptime + window)
        if time.uptime >= resetsAt { (left, resetsAt) = (count, time.uptime + window) }
        let isOver = left <= 0 && state.isLimited
        left = max(0, left - 1)
        state.windows[key] = (left, resetsAt)
        let span = resetsAt - time.uptime
        headers += [
            ("X-RateLimit-Limit", "\(count)"), ("X-RateLimit-Remaining", "\(state.isLimited ? left : count)"),
            ("X-RateLimit-Reset-After", "\(span.inSeconds)"), ("X-RateLimit-Bucket", "bucket-\(method)-\(kind)"),
        ]
        guard isOver else { return nil }
        state.violations.append("rate limit: \(method) \(kind)")
        return refused(span, "user", &headers)
    }
}
