import BotCore

/// Members of groups.
extension FakeTelegram {
    /// Makes somebody an administrator of a group.
    package func promote(_ person: Int64, in chat: Int64) { change { $0.chats[chat]?.administrators.insert(person) } }

    func getChatMember(_ arguments: [String: JSONValue], _ state: FakeTelegramState) throws -> JSONValue {
        guard case .integer(let id) = arguments["chat_id"], let chat = state.chats[id] else {
            throw FakeTelegramError.bad("chat not found")
        }
        guard case .integer(let person) = arguments["user_id"], person > 0 else {
            throw FakeTelegramError.bad("invalid user_id specified")
        }
        let user: JSONValue = .object([
            "id": .integer(person), "is_bot": .bool(person == botID), "first_name": .string("User\(person)"),
        ])
        let isAdministrator = chat.administrators.contains(person)
        return .object(["status": .string(isAdministrator ? "administrator" : "member"), "user": user])
    }
}

extension FakeTelegramUser {
    /// Writes in the name of the group, as an anonymous administrator does.
    @discardableResult
    package func sayAnonymously(_ text: String, in chat: Int64) -> Int64 {
        let group = fake.state.withLock { $0.chats[chat]?.json ?? [:] }
        return say(
            text, in: chat,
            extra: [
                "sender_chat": .object(group),
                "from": .object([
                    "id": 1_087_968_824, "is_bot": true, "first_name": "Group", "username": "GroupAnonymousBot",
                ]),
            ])
    }
}
