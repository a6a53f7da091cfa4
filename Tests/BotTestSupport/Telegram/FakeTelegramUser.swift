package import BotCore

/// A person who writes to the bot.
package struct FakeTelegramUser: Sendable {
    let fake: FakeTelegram
    package let id: Int64

    var json: JSONValue {
        .object([
            "id": .integer(id), "is_bot": false, "first_name": .string("User\(id)"), "username": .string("user\(id)"),
        ])
    }

    /// Writes a message and returns its id. Commands and mentions in it get their entities, as a client makes them.
    ///
    /// - Parameters:
    ///   - chat: a group; nil writes to the bot in private.
    ///   - thread: a topic.
    ///   - extra: other members of the message.
    @discardableResult
    package func say(
        _ text: String, in chat: Int64? = nil, replyTo: Int64? = nil, thread: Int64? = nil,
        extra: [String: JSONValue] = [:]
    ) -> Int64 {
        var message: [String: JSONValue] = ["text": .string(text)]
        let entities = Self.entities(of: text)
        if !entities.isEmpty { message["entities"] = .array(entities) }
        return post(message.merging(extra) { $1 }, in: chat ?? id, replyTo: replyTo, thread: thread)
    }

    /// Sends something other than text, as `"voice"`, and returns the message's id.
    @discardableResult
    package func send(_ medium: String, caption: String? = nil, in chat: Int64? = nil) -> Int64 {
        var message: [String: JSONValue] = [medium: medium == "photo" ? .array([.object([:])]) : .object([:])]
        if let caption { message["caption"] = .string(caption) }
        return post(message, in: chat ?? id, replyTo: nil, thread: nil)
    }

    /// Changes the text of an earlier message.
    package func edit(_ message: Int64, to text: String, in chat: Int64? = nil) {
        let chat = chat ?? id
        var content: [String: JSONValue] = ["text": .string(text), "edit_date": 2]
        let entities = Self.entities(of: text)
        if !entities.isEmpty { content["entities"] = .array(entities) }
        content.merge(fake.state.withLock { header(of: message, in: chat, $0) }) { mine, _ in mine }
        fake.push("edited_message", content)
    }

    /// Presses Stop on a draft. Returns the update's id, or 0 when the bot does not take such updates.
    @discardableResult
    package func pressStop(draft: Int64) -> Int64 {
        let chat = fake.state.withLock { $0.chats[id]?.json ?? [:] }
        return fake.push("stopped_message_generation", ["chat": .object(chat), "draft_id": .integer(draft)])
    }

    /// Brings the bot into a group.
    package func bringBot(into chat: Int64) {
        tellMembership(in: chat, old: "left", new: "member")
    }

    /// Blocks the bot.
    ///
    /// - Parameter isTold: whether the bot gets the update that says so; otherwise it learns it when it sends.
    package func block(isTold: Bool = false) {
        fake.change { $0.chats[id]?.closed = "Forbidden: bot was blocked by the user" }
        if isTold { tellMembership(in: id, old: "member", new: "kicked") }
    }

    /// Takes the block back.
    package func unblock() {
        fake.change { $0.chats[id]?.closed = nil }
        tellMembership(in: id, old: "kicked", new: "member")
    }

    private func tellMembership(in chat: Int64, old: String, new: String) {
        let place = fake.state.withLock { $0.chats[chat]?.json ?? [:] }
        let bot: JSONValue = .object(["id": .integer(fake.botID), "is_bot": true, "first_name": "Bot"])
        fake.push(
            "my_chat_member",
            [
                "chat": .object(place), "from": json, "date": 1,
                "old_chat_member": .object(["status": .string(old), "user": bot]),
                "new_chat_member": .object(["status": .string(new), "user": bot]),
            ])
    }

    private func header(of message: Int64, in chat: Int64, _ state: FakeTelegramState) -> [String: JSONValue] {
        [
            "message_id": .integer(message), "date": 1, "from": json, "chat": .object(state.chats[chat]?.json ?? [:]),
        ]
    }

    func post(_ content: [String: JSONValue], in chat: Int64, replyTo: Int64?, thread: Int64?) -> Int64 {
        let (id, message) = fake.state.withLock { state in
            let id = state.nextMessageID
            state.nextMessageID += 1
            var text = ""
            if case .string(let value) = content["text"] { text = value }
            state.messages.append(.init(id: id, chat: chat, text: text, entities: [], replyTo: replyTo, thread: thread))
            var message = header(of: id, in: chat, state).merging(content) { $1 }
            if let thread {
                message["message_thread_id"] = .integer(thread)
                message["is_topic_message"] = true
            }
            if let other = state.index(of: replyTo, in: chat).map({ state.messages[$0] }) {
                let isOurs = state.botMessages.contains(other.id)
                message["reply_to_message"] = .object([
                    "message_id": .integer(other.id), "date": 1, "chat": .object(state.chats[chat]?.json ?? [:]),
                    "from": .object([
                        "id": .integer(isOurs ? fake.botID : 1), "is_bot": .bool(isOurs), "first_name": "Somebody",
                    ]),
                    "text": .string(other.text),
                ])
            }
            return (id, message)
        }
        fake.push("message", message)
        return id
    }

    /// A command at the start and all mentions.
    static func entities(of text: String) -> [JSONValue] {
        var found: [JSONValue] = []
        for match in text.matches(of: /(?:^\/[A-Za-z0-9_@]+)|(?:@[A-Za-z0-9_]{3,})/) {
            let isCommand = match.range.lowerBound == text.startIndex && text.hasPrefix("/")
            if !isCommand, match.range.lowerBound > text.startIndex,
                !text[text.index(before: match.range.lowerBound)].isWhitespace
            {
                continue
            }
            found.append(
                .object([
                    "type": isCommand ? "bot_command" : "mention",
                    "offset": .integer(Int64(text.utf16.distance(from: text.startIndex, to: match.range.lowerBound))),
                    "length": .integer(Int64(text[match.range].utf16.count)),
                ]))
        }
        return found
    }
}
