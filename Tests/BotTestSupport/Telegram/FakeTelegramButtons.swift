import BotCore

/// A button under a message of the bot.
package struct FakeTelegramButton: Sendable, Equatable {
    package let text: String
    /// Its `callback_data`.
    package let data: String
}

/// A press of a button, and how the bot has answered it.
package struct FakeTelegramPress: Sendable, Equatable {
    package let id: String
    package let person: Int64
    /// Whether the bot has answered it.
    package internal(set) var isAnswered = false
    /// The notice that the person was shown.
    package internal(set) var notice: String?
}

extension FakeTelegramUser {
    /// Presses a button that stands under a message of the bot. Returns the press's id; nil when there is no such button.
    @discardableResult
    package func press(_ label: String, under message: Int64, in chat: Int64? = nil) -> String? {
        let chat = chat ?? id
        let button = fake.sent(in: chat).first { $0.id == message }?.buttons.first { $0.text == label }
        return button.map { press(data: $0.data, under: message, in: chat) }
    }

    /// Sends what a press of a button with this data would send: a client may send any.
    ///
    /// - Parameter isInaccessible: whether the message is too old to be shown: then only its chat and id come, with date 0.
    @discardableResult
    package func press(
        data: String?, under message: Int64, in chat: Int64? = nil, isInaccessible: Bool = false
    ) -> String {
        let chat = chat ?? id
        let (press, content) = fake.change { state in
            let press = "4382bfdwdsb\(state.presses.count)"
            state.presses.append(FakeTelegramPress(id: press, person: id))
            var content = FakeTelegramSending(bot: fake.botID, username: fake.username)
                .shown(message, in: chat, state)
            if isInaccessible {
                content = [
                    "message_id": .integer(message), "chat": .object(state.chats[chat]?.json ?? [:]), "date": 0,
                ]
            }
            return (press, content)
        }
        var query: [String: JSONValue] = [
            "id": .string(press), "from": json, "chat_instance": "1", "message": .object(content),
        ]
        if let data { query["data"] = .string(data) }
        fake.push("callback_query", query)
        return press
    }
}

extension FakeTelegram {
    /// All presses of buttons, in order.
    package var presses: [FakeTelegramPress] { state.withLock { $0.presses } }

    /// Lets all presses so far become too old to be answered.
    package func forgetPresses() { change { $0.oldPresses = $0.presses.count } }

    func answerCallbackQuery(
        _ arguments: [String: JSONValue], _ state: inout FakeTelegramState
    ) throws -> JSONValue {
        guard let index = state.presses.firstIndex(where: { .string($0.id) == arguments["callback_query_id"] }),
            index >= state.oldPresses, !state.presses[index].isAnswered
        else {
            throw FakeTelegramError.bad("query is too old and response timeout expired or query ID is invalid")
        }
        if case .string(let text) = arguments["text"] {
            if text.unicodeScalars.count > 200 { throw FakeTelegramError.bad("MESSAGE_TOO_LONG") }
            state.presses[index].notice = text
        }
        state.presses[index].isAnswered = true
        return true
    }
}

extension FakeTelegramSending {
    /// The inline keyboard of a request, as Telegram takes it.
    func buttons(_ arguments: [String: JSONValue]) throws -> [FakeTelegramButton] {
        guard let markup = arguments["reply_markup"]?.members else { return [] }
        guard case .array(let rows) = markup["inline_keyboard"] else {
            throw FakeTelegramError.bad("object expected as reply markup")
        }
        return try rows.flatMap { row -> [FakeTelegramButton] in
            guard case .array(let buttons) = row else { throw FakeTelegramError.bad("can't parse inline keyboard") }
            return try buttons.map { button in
                guard case .string(let text) = button.members?["text"], !text.isEmpty,
                    case .string(let data) = button.members?["callback_data"]
                else { throw FakeTelegramError.bad("can't parse inline keyboard button") }
                guard (1...64).contains(data.utf8.count) else { throw FakeTelegramError.bad("BUTTON_DATA_INVALID") }
                return FakeTelegramButton(text: text, data: data)
            }
        }
    }

    /// `editMessageReplyMarkup`.
    func editButtons(
        _ arguments: [String: JSONValue], in id: Int64, _ chat: FakeTelegramState.Chat,
        _ state: inout FakeTelegramState
    ) throws -> JSONValue {
        let buttons = try buttons(arguments)
        guard
            let index = state.messages.firstIndex(where: {
                .integer($0.id) == arguments["message_id"] && $0.chat == id
            })
        else { throw FakeTelegramError.bad("message to edit not found") }
        guard state.botMessages.contains(state.messages[index].id) else {
            throw FakeTelegramError.bad("message can't be edited")
        }
        if state.messages[index].buttons == buttons { throw FakeTelegramError.notModified }
        state.messages[index].buttons = buttons
        return json(state.messages[index], chat)
    }

    /// A message of the bot as a press shows it, with the one that it replies to.
    func shown(_ message: Int64, in chat: Int64, _ state: FakeTelegramState) -> [String: JSONValue] {
        guard let known = state.messages.first(where: { $0.id == message && $0.chat == chat }),
            let place = state.chats[chat]
        else { return ["message_id": .integer(message), "chat": .object(state.chats[chat]?.json ?? [:]), "date": 1] }
        var shown = json(known, place).members ?? [:]
        if let thread = known.thread {
            shown["message_thread_id"] = .integer(thread)
            shown["is_topic_message"] = true
        }
        if let question = known.replyTo {
            shown["reply_to_message"] = .object([
                "message_id": .integer(question), "date": 1, "chat": .object(place.json),
            ])
        }
        return shown
    }
}

extension FakeTelegramError {
    static let notModified = bad(
        "message is not modified: specified new message content and reply markup are exactly the same as a current "
            + "content and reply markup of the message")
}
