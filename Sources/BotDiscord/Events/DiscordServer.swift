/// The parts of GUILD_CREATE that decide what is for the bot (Gateway Events, "Guild Create"). What cannot be read is left out.
struct DiscordServer: Decodable, Sendable, Equatable {
    let id: String
    let name: String
    let roles: [DiscordRole]
    /// The threads that are not archived.
    let threads: [DiscordThread]

    private enum CodingKeys: String, CodingKey { case id, name, roles, threads }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        id = try values.decode(String.self, forKey: .id)
        name = (try? values.decode(String.self, forKey: .name)) ?? ""
        roles = ((try? values.decode([Readable<DiscordRole>].self, forKey: .roles)) ?? []).compactMap(\.value)
        threads = ((try? values.decode([Readable<DiscordThread>].self, forKey: .threads)) ?? []).compactMap(\.value)
    }
}

/// A role, and the bot that it was made for: Discord makes one for each bot that is invited with permissions (Permissions, "Role Tags
/// Structure").
struct DiscordRole: Decodable, Sendable, Equatable {
    let id: String
    let name: String
    let bot: String?

    private enum CodingKeys: String, CodingKey { case id, name, tags }

    private struct Tags: Decodable {
        let bot: String?
        enum CodingKeys: String, CodingKey { case bot = "bot_id" }
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        id = try values.decode(String.self, forKey: .id)
        name = (try? values.decode(String.self, forKey: .name)) ?? ""
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
