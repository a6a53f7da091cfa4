import BotCore

/// Fetches messages that no event told of, in the form that events have.
struct MissedMessages: Sendable {
    let rest: DiscordREST
    /// Is told what channels are, so that nobody asks again.
    let channels: ChannelDirectory
    let time: any TimeSource

    /// Who people in servers are, by server and person: nil for somebody who has left. It outlasts a fetch that fails, so that the next one
    /// gets further.
    typealias Members = RecentMap<String, DiscordMember?>

    /// So many messages for the bot in a channel at most are fetched.
    static let limit = 50
    /// So long the requests about one channel together may take, each to its answer's first byte.
    static let deadline = Duration.seconds(15)
    /// The most that one request asks for (Message Resource, "Get Channel Messages"), and the most requests: answers of the bot lie between.
    private static let pageSize = 100
    private static let pages = 4

    /// What is asked for about a channel.
    struct Channel: Decodable {
        let guild: String?
        /// Nil for one that cannot be read.
        let kind: DiscordChannel?

        /// The channel that a thread was made in.
        var parent: String? { kind?.thread?.parent }

        private enum CodingKeys: String, CodingKey { case guild = "guild_id" }

        init(from decoder: any Decoder) throws {
            guild = try decoder.container(keyedBy: CodingKeys.self).decodeIfPresent(String.self, forKey: .guild)
            // The messages in it are read all the same.
            kind = try? DiscordChannel(from: decoder)
        }
    }

    private struct Entry: Decodable {
        let message: DiscordMessage?

        init(from decoder: any Decoder) throws {
            // One that cannot be read must not cost the others.
            message = try? DiscordMessage(from: decoder)
        }
    }

    /// The messages for the bot in a channel after the given one, the oldest first.
    ///
    /// What Discord leaves out here and has in events is asked for: the server, and the roles of who speaks to the bot.
    ///
    /// - Parameters:
    ///   - place: the channel where it is known already.
    ///   - end: until when, by the uptime.
    ///   - isKnown: whether a message was taken already, so that nothing need be asked for it.
    ///   - isForBot: whether the bot has to do with a message, whose server is filled in. Talk among people must not use up the limit.
    func fetch(
        from channel: String, _ place: Channel?, after message: Int64, until end: Duration, members: inout Members,
        isKnown: (String) -> Bool, isForBot: (DiscordMessage) -> Bool
    ) async throws(RESTError) -> [DiscordMessage] {
        var place = place
        var messages: [DiscordMessage] = []
        var last = message
        for _ in 0..<Self.pages where messages.count < Self.limit {
            let route = RESTRoute.messages(in: channel, after: last, limit: Self.pageSize)
            let page = try DiscordREST.read([Entry].self, from: try await send(route, until: end))
            var news = page.compactMap(\.message).filter { !$0.author.isBot && !isKnown($0.id) }
            if !news.isEmpty, place == nil { place = try await self.channel(channel, until: end) }
            for index in news.indices { news[index].guild = place?.guild }
            messages += news.filter(isForBot)
            let newest = page.compactMap { $0.message?.number }.max()
            guard page.count == Self.pageSize, let newest, newest > last else { break }
            last = newest
        }
        messages.sort { $0.number < $1.number }
        messages = Array(messages.prefix(Self.limit))
        guard let guild = place?.guild else { return messages }
        for index in messages.indices {
            let author = messages[index].author.id
            let key = "\(guild)/\(author)"
            if members[key] == nil { members.set(try await member(author, of: guild, until: end), for: key) }
            messages[index].member = members[key] ?? nil
        }
        return messages
    }

    /// What Discord says about a channel.
    func channel(_ id: String, until end: Duration) async throws(RESTError) -> Channel {
        let channel = try DiscordREST.read(Channel.self, from: try await send(.channel(id), until: end))
        if let kind = channel.kind { channels.note(kind, of: id) }
        return channel
    }

    /// A member's name and roles; nil for somebody who has left the server.
    private func member(
        _ user: String, of guild: String, until end: Duration
    ) async throws(RESTError) -> DiscordMember? {
        do {
            let answer = try await send(.member(user, of: guild), until: end)
            return try DiscordREST.read(DiscordMember.self, from: answer)
        } catch {
            guard case .refused = error else { throw error }
            return nil
        }
    }

    private func send(_ route: RESTRoute, until end: Duration) async throws(RESTError) -> [UInt8] {
        var route = route
        route.deadline = min(route.deadline, end - time.uptime)
        guard route.deadline > .zero else { throw .notSent("Discord takes too long") }
        return try await rest.send(route)
    }
}
