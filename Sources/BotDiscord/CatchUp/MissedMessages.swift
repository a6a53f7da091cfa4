import BotCore

/// Fetches messages that no event told of, in the form that events have.
struct MissedMessages: Sendable {
    let rest: DiscordREST

    /// So many messages of people in a channel at most are fetched.
    static let limit = 50
    /// The most that one request asks for (Message Resource, "Get Channel Messages"), and the most requests: answers of the bot lie between.
    private static let pageSize = 100
    private static let pages = 4

    private struct Channel: Decodable {
        let type: Int?
        let guild: String?
        let parent: String?

        /// Threads of announcements, public and private ones (Channel Resource, "Channel Types").
        var isThread: Bool { (10...12).contains(type ?? 0) }

        enum CodingKeys: String, CodingKey {
            case type
            case guild = "guild_id"
            case parent = "parent_id"
        }
    }

    private struct Entry: Decodable {
        let message: DiscordMessage?

        init(from decoder: any Decoder) throws {
            // One that cannot be read must not cost the others.
            message = try? DiscordMessage(from: decoder)
        }
    }

    /// The messages of people in a channel after the given one, the oldest first.
    ///
    /// What Discord leaves out here and has in events is asked for: the server, and the roles of who speaks to the bot.
    ///
    /// - Parameter isKnown: whether a message was taken already, so that nothing need be asked for it.
    func fetch(
        from channel: String, after message: Int64, me: String, isKnown: (String) -> Bool
    ) async throws(RESTError) -> [DiscordMessage] {
        var messages: [DiscordMessage] = []
        var last = message
        for _ in 0..<Self.pages where messages.count < Self.limit {
            let answer = try await rest.send(.messages(in: channel, after: last, limit: Self.pageSize))
            let page = try DiscordREST.read([Entry].self, from: answer)
            messages += page.compactMap(\.message).filter { !$0.author.isBot && !isKnown($0.id) }
            let newest = page.compactMap { $0.message?.number }.max()
            guard page.count == Self.pageSize, let newest, newest > last else { break }
            last = newest
        }
        messages.sort { $0.number < $1.number }
        messages = Array(messages.prefix(Self.limit))
        guard !messages.isEmpty else { return [] }
        let guild = try DiscordREST.read(Channel.self, from: try await rest.send(.channel(channel))).guild
        guard let guild else { return messages }
        var members: [String: DiscordMember] = [:]
        for index in messages.indices {
            messages[index].guild = guild
            let isForMe =
                messages[index].mentions.contains { $0.id == me } || messages[index].referenced?.author.id == me
            guard isForMe else { continue }
            let author = messages[index].author.id
            if members[author] == nil { members[author] = try await member(author, of: guild) }
            messages[index].member = members[author]
        }
        return messages
    }

    /// The channel that a thread was made in; nil for a channel that is no thread.
    func parent(of channel: String) async throws(RESTError) -> String? {
        let found = try DiscordREST.read(Channel.self, from: try await rest.send(.channel(channel)))
        return found.isThread ? found.parent : nil
    }

    /// A member's name and roles; nil for somebody who has left the server.
    private func member(_ user: String, of guild: String) async throws(RESTError) -> DiscordMember? {
        do {
            return try DiscordREST.read(DiscordMember.self, from: try await rest.send(.member(user, of: guild)))
        } catch {
            guard case .refused = error else { throw error }
            return nil
        }
    }
}
