/// The parts of GUILD_CREATE that decide what is for the bot, and where something was written (Gateway Events, "Guild Create"). What cannot
/// be read is left out.
struct DiscordServer: Decodable, Sendable, Equatable {
    let id: String
    let name: String
    /// Whether it is down: then nothing else is told of it.
    let isUnavailable: Bool
    let owner: String?
    let roles: [DiscordRole]
    /// The threads that are not archived.
    let threads: [DiscordThread]
    /// Where messages can be written: channels, and those threads once more.
    let places: [ServerPlace]
    /// The bot itself, and few others.
    let members: [DiscordMember]

    private enum CodingKeys: String, CodingKey {
        case id, name, roles, channels, threads, members
        case isUnavailable = "unavailable"
        case owner = "owner_id"
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        id = try values.decode(String.self, forKey: .id)
        name = (try? values.decode(String.self, forKey: .name)) ?? ""
        isUnavailable = (try? values.decode(Bool.self, forKey: .isUnavailable)) ?? false
        owner = try? values.decode(String.self, forKey: .owner)
        func readable<Value: Decodable & Sendable>(_ type: Value.Type, _ key: CodingKeys) -> [Value] {
            ((try? values.decode([Readable<Value>].self, forKey: key)) ?? []).compactMap(\.value)
        }
        roles = readable(DiscordRole.self, .roles)
        threads = readable(DiscordThread.self, .threads)
        places = readable(ServerPlace.self, .channels) + readable(ServerPlace.self, .threads)
        members = readable(DiscordMember.self, .members)
    }
}

/// A role, and the bot that it was made for: Discord makes one for each bot that is invited with permissions (Permissions, "Role Tags
/// Structure").
struct DiscordRole: Decodable, Sendable, Equatable {
    let id: String
    let name: String
    let permissions: DiscordPermissions
    let bot: String?

    var administers: Bool { !permissions.isDisjoint(with: [.administrator, .manageServer]) }

    private enum CodingKeys: String, CodingKey { case id, name, permissions, tags }

    private struct Tags: Decodable {
        let bot: String?
        enum CodingKeys: String, CodingKey { case bot = "bot_id" }
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        id = try values.decode(String.self, forKey: .id)
        name = (try? values.decode(String.self, forKey: .name)) ?? ""
        permissions = (try? values.decode(DiscordPermissions.self, forKey: .permissions)) ?? []
        bot = (try? values.decode(Tags.self, forKey: .tags))?.bot
    }
}

/// A role that was made or changed (Gateway Events, "Guild Role Create" and "Guild Role Update").
struct DiscordRoleChange: Decodable, Sendable, Equatable {
    let guild: String
    let role: DiscordRole

    private enum CodingKeys: String, CodingKey {
        case role
        case guild = "guild_id"
    }
}

/// The threads of THREAD_LIST_SYNC (Gateway Events, "Thread List Sync").
struct DiscordThreadList: Decodable {
    let threads: [DiscordThread]

    private enum CodingKeys: String, CodingKey { case threads }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        threads = try values.decode([Readable<DiscordThread>].self, forKey: .threads).compactMap(\.value)
    }
}

/// An item of a list, of which one that cannot be read must not cost the others.
private struct Readable<Value: Decodable & Sendable>: Decodable, Sendable {
    let value: Value?

    init(from decoder: any Decoder) throws { value = try? Value(from: decoder) }
}
