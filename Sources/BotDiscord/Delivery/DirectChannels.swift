import BotCore

/// The private channels that the bot has opened itself, each once.
final class DirectChannels: Sendable {
    private struct Body: Encodable {
        let recipient: String
        private enum CodingKeys: String, CodingKey { case recipient = "recipient_id" }
    }

    private struct Channel: Decodable { let id: String }

    private let rest: DiscordREST
    /// The newest, by people.
    private let known = Lock(RecentMap<String, String>(capacity: 200))

    init(rest: DiscordREST) { self.rest = rest }

    /// The channel with a person.
    func channel(with person: String) async throws(RESTError) -> String {
        if let channel = known.withLock({ $0[person] }) { return channel }
        let answer = try await rest.send(.openDirect, json: Body(recipient: person))
        let channel = try DiscordREST.read(Channel.self, from: answer).id
        known.withLock { $0.set(channel, for: person) }
        return channel
    }
}
