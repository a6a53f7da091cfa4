import BotCore

/// The parts of an interaction that the bot uses (Receiving and Responding, "Interaction Structure").
struct DiscordInteraction: Decodable, Sendable, Equatable {
    let id: String
    let application: String
    /// 1 ping, 2 command, 3 button or menu, 4 completion, 5 form; there may be more one day.
    let type: Int
    /// Answers are sent with it and nothing else for 15 minutes: a secret.
    let token: Secret
    let channel: String?
    let guild: String?
    let user: DiscordUser?
    let member: DiscordMember?
    let command: Command?

    /// A command with its options.
    struct Command: Decodable, Sendable, Equatable {
        let name: String
        /// 1 for a slash command; others come from the menus of people and messages.
        let type: Int
        let options: [Option]

        private enum CodingKeys: String, CodingKey { case name, type, options }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            name = try values.decode(String.self, forKey: .name)
            // Absent means a slash command without options.
            type = (try? values.decode(Int.self, forKey: .type)) ?? 1
            options = (try? values.decode([Option].self, forKey: .options)) ?? []
        }

        /// The options' values in order, as the rest of a command line.
        var arguments: String { options.flatMap(\.words).joined(separator: " ") }
    }

    /// An option: a value, or a subcommand with options of its own.
    struct Option: Decodable, Sendable, Equatable {
        let name: String
        let value: JSONValue?
        let options: [Option]?

        fileprivate var words: [String] {
            switch value {
            case .string(let text): [text]
            case .integer(let number): [String(number)]
            case .number(let number): [String(number)]
            case .bool(let flag): [String(flag)]
            case .null, .array, .object: []
            case nil: [name] + (options ?? []).flatMap(\.words)
            }
        }
    }

    private struct MemberUser: Decodable { let user: DiscordUser }

    private enum CodingKeys: String, CodingKey {
        case id, type, token, user, member, data
        case application = "application_id"
        case channel = "channel_id"
        case guild = "guild_id"
    }

    private struct Untokened: Error {}

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        id = try values.decode(String.self, forKey: .id)
        application = try values.decode(String.self, forKey: .application)
        type = try values.decode(Int.self, forKey: .type)
        guard let token = Secret(try values.decode(String.self, forKey: .token)) else { throw Untokened() }
        self.token = token
        // The rest depends on the type; the person is in `member` in servers and in `user` elsewhere.
        channel = try? values.decode(String.self, forKey: .channel)
        guild = try? values.decode(String.self, forKey: .guild)
        member = try? values.decode(DiscordMember.self, forKey: .member)
        user =
            (try? values.decode(MemberUser.self, forKey: .member))?.user
            ?? (try? values.decode(DiscordUser.self, forKey: .user))
        command = type == 2 ? try? values.decode(Command.self, forKey: .data) : nil
    }
}
