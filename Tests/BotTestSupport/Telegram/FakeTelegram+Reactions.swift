import BotCore

extension FakeTelegram {
    /// Some of the emoji that Telegram has for reactions (Bot API, "ReactionTypeEmoji").
    private static let emoji: Set<String> = ["\u{1F440}", "\u{1F44D}", "\u{1F44E}", "\u{1F914}", "\u{1F525}"]

    /// What the bot has set on a message.
    package func reaction(on message: Int64) -> String? { state.withLock { $0.reactions[message] } }

    /// Lets a group allow no reactions.
    package func endReactions(in chat: Int64) { change { $0.chats[chat]?.takesReactions = false } }

    func setMessageReaction(
        _ arguments: [String: JSONValue], _ state: inout FakeTelegramState
    ) throws -> JSONValue {
        guard case .integer(let chat) = arguments["chat_id"], case .integer(let id) = arguments["message_id"],
            state.messages.contains(where: { $0.chat == chat && $0.id == id })
        else { throw FakeTelegramError.bad("message to react not found") }
        guard state.chats[chat]?.takesReactions ?? true else { throw FakeTelegramError.bad("REACTION_INVALID") }
        guard case .array(let reactions) = arguments["reaction"] ?? .array([]), reactions.count <= 1 else {
            throw FakeTelegramError.bad("REACTIONS_TOO_MANY")
        }
        guard let reaction = reactions.first else {
            state.reactions[id] = nil
            return true
        }
        guard case .object(let members) = reaction, members["type"] == "emoji",
            case .string(let emoji) = members["emoji"], Self.emoji.contains(emoji)
        else { throw FakeTelegramError.bad("REACTION_INVALID") }
        state.reactions[id] = emoji
        return true
    }
}
