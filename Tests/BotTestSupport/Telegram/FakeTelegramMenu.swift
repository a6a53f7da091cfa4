import BotCore

/// Lists of commands as `setMyCommands` takes them.
enum FakeTelegramMenu {
    /// The list that a call concerns, as `all_group_chats/de`.
    static func name(of arguments: [String: JSONValue]) -> String {
        "\(text("type", arguments["scope"]?.members) ?? "default")/\(text("language_code", arguments) ?? "")"
    }

    static func commands(in arguments: [String: JSONValue]) throws -> [JSONValue] {
        guard case .array(let commands) = arguments["commands"], commands.count <= 100 else {
            throw FakeTelegramError.bad("BOT_COMMANDS_TOO_MUCH")
        }
        for command in commands {
            guard text("command", command.members)?.wholeMatch(of: /[a-z0-9_]{1,32}/) != nil else {
                throw FakeTelegramError.bad("BOT_COMMAND_INVALID")
            }
            guard (1...256).contains(text("description", command.members)?.unicodeScalars.count ?? 0) else {
                throw FakeTelegramError.bad("BOT_COMMAND_DESCRIPTION_INVALID")
            }
        }
        return commands
    }

    private static func text(_ name: String, _ members: [String: JSONValue]?) -> String? {
        if case .string(let text) = members?[name] { text } else { nil }
    }
}
