import BotCore

/// Knows what channels are: threads from the gateway's events, all others from Discord's answers. So each is asked for once, whoever wants
/// to know.
final class ChannelDirectory: Sendable {
    private let rest: DiscordREST
    /// By id; nil for a channel of which Discord does not tell.
    private let channels = Lock(RecentMap<String, DiscordChannel?>(capacity: 5000))

    init(rest: DiscordREST) { self.rest = rest }

    func note(_ channel: DiscordChannel, of id: String) { channels.withLock { $0.set(channel, for: id) } }

    /// The channel as far as it is known.
    subscript(id: String) -> DiscordChannel? { channels.withLock { $0[id] ?? nil } }

    /// The channel, which is asked for if it is not known; nil where Discord does not tell.
    ///
    /// - Parameter patience: how long Discord has for the answer.
    /// - Throws: what may pass: then the next who wants to know asks again.
    func find(_ id: String, within patience: Duration) async throws(RESTError) -> DiscordChannel? {
        if let known = channels.withLock({ $0[id] }) { return known }
        let channel = try await rest.ask(DiscordChannel.self, .channel(id), within: patience)
        channels.withLock { $0.set(channel, for: id) }
        return channel
    }
}
