import BotCore

/// A slash command as Discord keeps it (Application Commands).
struct ApplicationCommand: Codable, Sendable, Hashable {
    let name: String
    let type: Int
    let description: String
    let options: [Option]
    /// 0: servers, 1: direct messages with the bot.
    let contexts: [Int]

    /// The one text argument.
    struct Option: Codable, Sendable, Hashable {
        let type: Int
        let name: String
        let description: String
        let required: Bool

        init(name: String = "text", description: String, required: Bool = false) {
            type = 3
            self.name = name
            self.description = description
            self.required = required
        }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            type = try values.decode(Int.self, forKey: .type)
            name = try values.decode(String.self, forKey: .name)
            description = try values.decode(String.self, forKey: .description)
            required = try values.decodeIfPresent(Bool.self, forKey: .required) ?? false
        }
    }

    /// Nil when Discord would refuse it: names are 1 to 32 lower-case letters, digits, `-`, `_` or `'`, descriptions 1 to 100
    /// characters (Application Commands, "Application Command Naming").
    init?(_ command: CommandDescription) {
        guard Self.isName(command.name), Self.isDescription(command.summary),
            command.argument.map(Self.isDescription) ?? true
        else { return nil }
        name = command.name
        type = 1
        description = command.summary
        let isQuestion = command.name == AskCommand.name
        options =
            command.argument.map {
                [Option(name: isQuestion ? "prompt" : "text", description: $0, required: isQuestion)]
            } ?? []
        contexts = [0, 1]
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        name = try values.decode(String.self, forKey: .name)
        type = try values.decodeIfPresent(Int.self, forKey: .type) ?? 1
        description = try values.decode(String.self, forKey: .description)
        options = try values.decodeIfPresent([Option].self, forKey: .options) ?? []
        contexts = (try values.decodeIfPresent([Int].self, forKey: .contexts) ?? []).sorted()
    }

    private static func isName(_ name: String) -> Bool {
        let isLegal = name.unicodeScalars.allSatisfy { scalar in
            scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                || "-_'".unicodeScalars.contains(scalar)
        }
        return isLegal && (1...32).contains(name.unicodeScalars.count) && name == name.lowercased()
    }

    private static func isDescription(_ text: String) -> Bool { (1...100).contains(text.unicodeScalars.count) }
}
