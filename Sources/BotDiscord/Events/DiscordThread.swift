/// A thread, a forum's post among them, with where and by whom it was made (Channel Resource, "Channel Object").
struct DiscordThread: Decodable, Sendable, Equatable {
    /// Threads of announcements, public and private ones (Channel Resource, "Channel Types").
    static let types = 10...12

    let id: String
    /// The channel or the forum that it was made in.
    let parent: String
    /// Who has made it.
    let owner: String?

    private enum CodingKeys: String, CodingKey {
        case id, type
        case parent = "parent_id"
        case owner = "owner_id"
    }

    /// What any other channel is.
    private struct NoThread: Error {}

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        guard Self.types.contains(try values.decode(Int.self, forKey: .type)) else { throw NoThread() }
        id = try values.decode(String.self, forKey: .id)
        parent = try values.decode(String.self, forKey: .parent)
        // Not every event tells it.
        owner = try? values.decode(String.self, forKey: .owner)
    }
}
