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
    let press: Press?

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

    /// The press of a button, and the message that it stands under.
    struct Press: Sendable, Equatable {
        /// What the button means, in the bot's own words.
        let code: String
        let message: String
        /// Whether the message is one that its person alone sees.
        let isPrivate: Bool
        /// The message that it replies to.
        let replyTo: String?
    }

    private struct Pressed: Decodable {
        let code: String
        enum CodingKeys: String, CodingKey { case code = "custom_id" }
    }

    private struct PressedMessage: Decodable {
        struct Reference: Decodable {
            let message: String?
            enum CodingKeys: String, CodingKey { case message = "message_id" }
        }
        let id: String
        let flags: Int?
        let reference: Reference?
        enum CodingKeys: String, CodingKey {
            case id, flags
            case reference = "message_reference"
        }
    }

    private struct MemberUser: Decodable { let user: DiscordUser }

    private enum CodingKeys: String, CodingKey {
        case id, type, token, user, member, data, message
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
        press = type == 3 ? Self.press(in: values) : nil
    }

    /// Nil for what is no button under a message.
    private static func press(in values: KeyedDecodingContainer<CodingKeys>) -> Press? {
        guard let pressed = try? values.decode(Pressed.self, forKey: .data),
            let message = try? values.decode(PressedMessage.self, forKey: .message)
        else { return nil }
        return Press(
            code: pressed.code, message: message.id, isPrivate: (message.flags ?? 0) & 64 != 0,
            replyTo: message.reference?.message)
    }
}
