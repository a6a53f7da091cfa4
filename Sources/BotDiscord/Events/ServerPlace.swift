/// A channel or a thread of a server, with what GUILD_CREATE tells of the newest message in it (Channel Resource, "Channel Object").
struct ServerPlace: Decodable, Sendable, Equatable {
    let id: String
    let type: Int
    /// A thread's channel, or a channel's category.
    let parent: String?
    /// The id of the newest message; it may have been deleted.
    let newestMessage: Int64?
    let overwrites: [PermissionOverwrite]

    private enum CodingKeys: String, CodingKey {
        case id, type
        case parent = "parent_id"
        case newestMessage = "last_message_id"
        case overwrites = "permission_overwrites"
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        id = try values.decode(String.self, forKey: .id)
        type = try values.decode(Int.self, forKey: .type)
        parent = try? values.decode(String.self, forKey: .parent)
        newestMessage = (try? values.decode(String.self, forKey: .newestMessage)).flatMap { Int64($0) }
        overwrites = (try? values.decode([PermissionOverwrite].self, forKey: .overwrites)) ?? []
    }

    /// What a thread permits, its channel says.
    var isThread: Bool { DiscordThread.types.contains(type) }

    /// Voice channels and stages.
    var isVoice: Bool { type == 2 || type == 13 }

    /// Whether messages are written in it: a forum's newest message is its newest post, and categories have none.
    var takesMessages: Bool { isThread || isVoice || DiscordChannel.takesThreads(type) }
}
