import BotCore
import Foundation

/// An error of the Bot API.
struct FakeTelegramError: Error {
    let code: Int
    let description: String
    var retryAfter: Int?
    var newChat: Int64?

    static func bad(_ description: String) -> FakeTelegramError {
        FakeTelegramError(code: 400, description: "Bad Request: " + description)
    }
}

extension FakeTelegram {
    /// The parameters of each method that the fake knows, and their JSON types.
    private static let parameters: [String: [String: String]] = [
        "getMe": [:],
        "getFile": ["file_id": "string"],
        "getChatMember": ["chat_id": "integer", "user_id": "integer"],
        "deleteWebhook": ["drop_pending_updates": "bool"],
        "getMyCommands": ["scope": "object", "language_code": "string"],
        "setMyCommands": ["commands": "array", "scope": "object", "language_code": "string"],
        "getUpdates": ["offset": "integer", "limit": "integer", "timeout": "integer", "allowed_updates": "array"],
        "sendMessage": [
            "chat_id": "integer", "message_thread_id": "integer", "text": "string", "entities": "array",
            "link_preview_options": "object", "reply_parameters": "object", "parse_mode": "string",
            "reply_markup": "object",
        ],
        "editMessageText": [
            "chat_id": "integer", "message_id": "integer", "text": "string", "entities": "array",
            "link_preview_options": "object", "parse_mode": "string", "reply_markup": "object",
        ],
        "editMessageReplyMarkup": ["chat_id": "integer", "message_id": "integer", "reply_markup": "object"],
        "answerCallbackQuery": [
            "callback_query_id": "string", "text": "string", "show_alert": "bool", "url": "string",
            "cache_time": "integer",
        ],
        "sendDocument": [
            "chat_id": "integer", "message_thread_id": "integer", "document": "object", "caption": "string",
            "caption_entities": "array", "reply_parameters": "object", "reply_markup": "object",
            "parse_mode": "string",
        ],
        "deleteMessage": ["chat_id": "integer", "message_id": "integer"],
        "setMessageReaction": [
            "chat_id": "integer", "message_id": "integer", "reaction": "array", "is_big": "bool",
        ],
        "sendMessageDraft": [
            "chat_id": "integer", "message_thread_id": "integer", "draft_id": "integer", "text": "string",
            "entities": "array", "parse_mode": "string", "can_stop": "bool", "keep_on_stop": "bool",
        ],
        "sendChatAction": ["chat_id": "integer", "message_thread_id": "integer", "action": "string"],
    ]

    /// Answers one request, with the faults that are due.
    func answer(_ exchange: LoopbackExchange) async throws {
        let parts = exchange.path.split(separator: "/", omittingEmptySubsequences: true)
        if parts.first == "file" { return try await serveFile(exchange) }
        guard parts.count == 2, parts[0].hasPrefix("bot") else { return try await respond(exchange, 404, "Not Found") }
        let method = String(parts[1])
        let form = MultipartFields(exchange, types: Self.parameters[method] ?? [:])
        let arguments = form?.arguments ?? Self.arguments(of: exchange.body)
        let faultsEnded = faultEnds.version
        let (number, fault) = change { state in
            state.requests.append(.init(method: method, arguments: arguments ?? [:]))
            return (state.requests.count - 1, state.takeFault(for: method))
        }
        state.withLock { $0.watcher }?(FakeTelegramRequest(method: method, arguments: arguments ?? [:]))
        defer { change { _ in } }
        switch fault {
        case .reset: return await exchange.reset()
        case .hang: return try await hang(exchange, faultsEnded)
        case .body(let status, let body): return try await exchange.respond(status: status, text: body)
        case .error(let code, let words): return try await respond(exchange, code, words, number: number)
        case .flood(let seconds):
            return try await respond(
                exchange, 429, "Too Many Requests: retry after \(seconds)", retryAfter: seconds, number: number)
        case .cutJSON, .resetAfterwards, nil: break
        }
        do {
            guard parts[0].dropFirst(3) == token else {
                throw FakeTelegramError(code: 401, description: "Unauthorized")
            }
            guard let arguments else { throw FakeTelegramError.bad("can't parse JSON body") }
            try check(method, arguments)
            let result =
                method == "getUpdates"
                ? try await getUpdates(arguments) : try change { try carryOut(method, arguments, &$0) }
            if fault == .resetAfterwards { return await exchange.reset() }
            let delay = method == "getUpdates" ? .zero : state.withLock { $0.answerDelay }(method)
            if delay > .zero { try await time.sleep(for: delay) }
            let text = try Self.encoded(.object(["ok": true, "result": result]))
            change { $0.requests[number].status = 200 }
            try await exchange.respond(json: fault == .cutJSON ? String(text.dropLast(text.count / 2)) : text)
        } catch let error as FakeTelegramError {
            if method != "getUpdates", let gate = state.withLock({ $0.refusalGate }) {
                change { $0.requests[number].status = error.code }
                try await gate.wait()
            }
            try await respond(
                exchange, error.code, error.description, retryAfter: error.retryAfter, newChat: error.newChat,
                number: number)
        }
    }

    /// Answers nothing until the client goes away or the faults end, which resets the connection.
    private func hang(_ exchange: LoopbackExchange, _ faultsEnded: Int) async throws {
        try await withThrowingTaskGroup { [faultEnds] group in
            group.addTask { await exchange.waitForClientGone() }
            group.addTask {
                try await faultEnds.next(after: faultsEnded)
                await exchange.reset()
            }
            try await group.next()
            group.cancelAll()
        }
        throw LoopbackExchange.ClientGone()
    }

    private func respond(
        _ exchange: LoopbackExchange, _ code: Int, _ description: String, retryAfter: Int? = nil,
        newChat: Int64? = nil, number: Int? = nil
    ) async throws {
        var body: [String: JSONValue] = [
            "ok": false, "error_code": .integer(Int64(code)), "description": .string(description),
        ]
        var headers: [(String, String)] = []
        if let retryAfter {
            body["parameters"] = .object(["retry_after": .integer(Int64(retryAfter))])
            headers.append(("Retry-After", "\(retryAfter)"))
        }
        if let newChat { body["parameters"] = .object(["migrate_to_chat_id": .integer(newChat)]) }
        if let number { change { $0.requests[number].status = code } }
        try await exchange.respond(status: code, headers: headers, json: try Self.encoded(.object(body)))
    }

    private static func encoded(_ value: JSONValue) throws -> String {
        String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
    }

    private static func arguments(of body: [UInt8]) -> [String: JSONValue]? {
        if body.isEmpty { return [:] }
        // A body that is no JSON object is answered with the Bot API's own error.
        return (try? JSONDecoder().decode(JSONValue.self, from: Data(body)))?.members
    }

    /// Notes what the Bot API would ignore or take for something else.
    private func check(_ method: String, _ arguments: [String: JSONValue]) throws {
        guard let known = Self.parameters[method] else {
            change { $0.violations.append("unknown method \(method)") }
            throw FakeTelegramError(code: 404, description: "Not Found: method not found")
        }
        for (name, value) in arguments {
            let type =
                switch value {
                case .bool: "bool"
                case .integer: "integer"
                case .string: "string"
                case .array: "array"
                case .object: "object"
                case .null, .number: "other"
                }
            if known[name] != type {
                change { $0.violations.append("\(method): \(name) is \(type), not \(known[name] ?? "known")") }
            }
        }
    }

    private func carryOut(
        _ method: String, _ arguments: [String: JSONValue], _ state: inout FakeTelegramState
    ) throws -> JSONValue {
        switch method {
        case "getMe":
            return .object([
                "id": .integer(botID), "is_bot": true, "first_name": "Bot", "username": .string(username),
                "can_read_all_group_messages": .bool(state.readsAllGroupMessages),
            ])
        case "deleteWebhook":
            state.webhook = ""
            if arguments["drop_pending_updates"] == true { state.queue = [] }
            return true
        case "getFile": return try getFile(arguments, state)
        case "getChatMember": return try getChatMember(arguments, state)
        case "getMyCommands": return .array(state.menus[FakeTelegramMenu.name(of: arguments)] ?? [])
        case "setMyCommands":
            state.menus[FakeTelegramMenu.name(of: arguments)] = try FakeTelegramMenu.commands(in: arguments)
            return true
        case "answerCallbackQuery": return try answerCallbackQuery(arguments, &state)
        case "setMessageReaction": return try setMessageReaction(arguments, &state)
        default: return try FakeTelegramSending(bot: botID, username: username).carryOut(method, arguments, &state)
        }
    }
}
