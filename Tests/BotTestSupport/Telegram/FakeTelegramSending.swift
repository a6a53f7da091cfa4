import BotCore

/// What the fake Telegram does with messages of the bot, and why it refuses them.
struct FakeTelegramSending {
    let bot: Int64
    let username: String

    func carryOut(
        _ method: String, _ arguments: [String: JSONValue], _ state: inout FakeTelegramState
    ) throws -> JSONValue {
        let id = integer("chat_id", arguments) ?? 0
        guard let chat = state.chats[id] else { throw FakeTelegramError.bad("chat not found") }
        if let newChat = chat.movedTo {
            throw FakeTelegramError(
                code: 400, description: "Bad Request: group chat was upgraded to a supergroup chat", newChat: newChat)
        }
        if let why = chat.closed { throw FakeTelegramError(code: 403, description: why) }
        switch method {
        case "sendChatAction":
            state.actions[id, default: []].append(.typing)
            return true
        case "sendMessageDraft":
            guard chat.isPrivate else { throw FakeTelegramError.bad("TEXTDRAFT_PEER_INVALID") }
            guard let draft = integer("draft_id", arguments), draft != 0 else {
                throw FakeTelegramError.bad("RANDOM_ID_INVALID")
            }
            var text = ""
            // An empty text shows a placeholder (Bot API 10.0).
            if arguments["text"] != "" { text = try self.text(arguments, tooLong: "message is too long").text }
            state.actions[id, default: []].append(.draft(id: draft, text: text))
            return true
        case "deleteMessage":
            guard let message = integer("message_id", arguments),
                let index = state.index(of: message, in: id)
            else { throw FakeTelegramError.bad("message to delete not found") }
            state.messages.remove(at: index)
            state.actions[id, default: []].append(.deleted(id: message))
            return true
        case "editMessageText": return try edit(arguments, in: id, chat, &state)
        case "editMessageReplyMarkup": return try editButtons(arguments, in: id, chat, &state)
        default: return try send(arguments, in: id, chat, &state)
        }
    }

    private func send(
        _ arguments: [String: JSONValue], in id: Int64, _ chat: FakeTelegramState.Chat,
        _ state: inout FakeTelegramState
    ) throws -> JSONValue {
        var file: SentFile?
        var (text, entities) = ("", [JSONValue]())
        if let document = arguments["document"] {
            file = SentFile(document)
            if file?.content.isEmpty ?? true { throw FakeTelegramError.bad("file must be non-empty") }
            if case .string(let caption) = arguments["caption"] { text = caption }
            if text.unicodeScalars.count > 1024 { throw FakeTelegramError.bad("message caption is too long") }
        } else {
            (text, entities) = try self.text(arguments, tooLong: "message is too long")
        }
        let thread = integer("message_thread_id", arguments)
        if let thread, !chat.topics.contains(thread) { throw FakeTelegramError.bad("message thread not found") }
        var replyTo: Int64?
        if let reply = arguments["reply_parameters"]?.members, let wanted = integer("message_id", reply) {
            if state.index(of: wanted, in: id) != nil {
                replyTo = wanted
            } else if reply["allow_sending_without_reply"] != true {
                throw FakeTelegramError.bad("message to be replied not found")
            }
        }
        var message = FakeTelegramMessage(
            id: state.nextMessageID, chat: id, text: text, entities: entities, replyTo: replyTo, thread: thread,
            file: file)
        message.buttons = try buttons(arguments)
        state.nextMessageID += 1
        state.messages.append(message)
        state.botMessages.insert(message.id)
        state.actions[id, default: []].append(.sent(id: message.id, text: text))
        return json(message, chat)
    }

    private func edit(
        _ arguments: [String: JSONValue], in id: Int64, _ chat: FakeTelegramState.Chat,
        _ state: inout FakeTelegramState
    ) throws -> JSONValue {
        let (text, entities) = try text(arguments, tooLong: "MESSAGE_TOO_LONG")
        let buttons = try buttons(arguments)
        let wanted = integer("message_id", arguments)
        guard let index = state.index(of: wanted, in: id) else {
            throw FakeTelegramError.bad("message to edit not found")
        }
        guard state.botMessages.contains(state.messages[index].id) else {
            throw FakeTelegramError.bad("message can't be edited")
        }
        if state.messages[index].text == text, state.messages[index].entities == entities,
            state.messages[index].buttons == buttons
        {
            throw FakeTelegramError.notModified
        }
        state.messages[index].buttons = buttons
        state.messages[index].text = text
        state.messages[index].entities = entities
        state.messages[index].edits += 1
        state.actions[id, default: []].append(.edited(id: state.messages[index].id, text: text))
        return json(state.messages[index], chat)
    }

    /// The text and entities as the server takes them: in scalars, without white space at the ends.
    private func text(
        _ arguments: [String: JSONValue], tooLong: String
    ) throws -> (text: String, entities: [JSONValue]) {
        guard case .string(let raw) = arguments["text"], !raw.isEmpty else {
            throw FakeTelegramError.bad("message text is empty")
        }
        if raw.utf8.count > 32_768 { throw FakeTelegramError.bad("text is too long") }
        if raw.unicodeScalars.contains("\u{0}") { throw FakeTelegramError.bad("strings must be encoded in UTF-8") }
        var entities: [JSONValue] = []
        if case .array(let list) = arguments["entities"] { entities = list }
        for entity in entities {
            let fields = entity.members ?? [:]
            let end = (integer("offset", fields) ?? -1) + (integer("length", fields) ?? 0)
            guard end <= raw.utf16.count, (integer("offset", fields) ?? -1) >= 0 else {
                throw FakeTelegramError.bad("entity beyond the text")
            }
            if case .string(let url) = fields["url"], !Self.isLink(url) {
                throw FakeTelegramError.bad("entity URL '\(url)' is invalid: Wrong HTTP URL")
            }
        }
        if entities.count > 100 { throw FakeTelegramError.bad("too many entities") }
        var text = Substring(raw)
        while text.last?.isWhitespace == true { text.removeLast() }
        if entities.isEmpty { while text.first?.isWhitespace == true { text.removeFirst() } }
        if text.isEmpty { throw FakeTelegramError.bad("text must be non-empty") }
        if text.unicodeScalars.count > 4096 { throw FakeTelegramError.bad(tooLong) }
        return (String(text), entities)
    }

    /// Telegram takes as a link what has a host with a dot in it.
    private static func isLink(_ url: String) -> Bool {
        let parts = url.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        return parts.count == 3 && ["http:", "https:"].contains(parts[0].lowercased()) && parts[1].isEmpty
            && parts[2].prefix { !"/?#".contains($0) }.contains(".")
    }

    func json(_ message: FakeTelegramMessage, _ chat: FakeTelegramState.Chat) -> JSONValue {
        .object([
            "message_id": .integer(message.id), "date": 1, "chat": .object(chat.json), "text": .string(message.text),
            "from": .object([
                "id": .integer(bot), "is_bot": true, "first_name": "Bot", "username": .string(username),
            ]),
        ])
    }

    private func integer(_ name: String, _ arguments: [String: JSONValue]) -> Int64? {
        if case .integer(let value) = arguments[name] { value } else { nil }
    }
}
