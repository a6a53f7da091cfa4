/// Messages that were deleted (Gateway Events, "Message Delete" and "Message Delete Bulk").
struct DiscordDeletion: Decodable, Sendable, Equatable {
    let channel: String
    let guild: String?
    let messages: [String]

    private enum CodingKeys: String, CodingKey {
        case id, ids
        case channel = "channel_id"
        case guild = "guild_id"
    }

    /// The same for a message that its person has taken back otherwise.
    init(of message: DiscordMessage) {
        channel = message.channel
        guild = message.guild
        messages = [message.id]
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        channel = try values.decode(String.self, forKey: .channel)
        guild = try? values.decode(String.self, forKey: .guild)
        messages =
            try values.decodeIfPresent([String].self, forKey: .ids) ?? [values.decode(String.self, forKey: .id)]
    }
}
