import BotCore

/// What decides whether a message in a server is for the bot and stands in no message: which role is the bot's own, and in which channel
/// and by whom a thread was made. The gateway tells most of it; what it has told to an earlier run is asked for once.
final class ServerKnowledge: Sendable {
    /// A server's roles, for one who asks.
    private struct Roles: Decodable { let roles: [DiscordRole] }

    /// Which role of a server is the bot's own: nil where none is.
    private struct OwnRole: Sendable { let role: DiscordRole? }

    private struct State: Sendable {
        /// By server; nil for one of which Discord does not tell.
        var roles = RecentMap<String, OwnRole?>(capacity: 3000)
        /// Until when nothing is asked.
        var silentUntil = Duration.zero
    }

    /// Other events wait for the answer: so it must come soon, and where it does not, nothing is asked for a while.
    private static let patience = Duration.seconds(2)
    private static let pause = Duration.seconds(60)

    private let rest: DiscordREST
    private let channels: ChannelDirectory
    private let time: any TimeSource
    private let state = Lock(State())

    init(rest: DiscordREST, channels: ChannelDirectory, time: any TimeSource) {
        self.rest = rest
        self.channels = channels
        self.time = time
    }

    // MARK: - What the gateway tells

    /// Notes what an event tells of servers.
    func note(_ dispatch: GatewayDispatch, me: String) {
        switch dispatch {
        case .guild(let server):
            let own = server.roles.first { $0.bot == me }
            // Without the bot's role the list may have been unreadable: then it is asked for when it matters.
            if let own { note(own, of: server.id) }
            for thread in server.threads { channels.note(.thread(thread), of: thread.id) }
        case .role(let change) where change.role.bot == me:
            note(change.role, of: change.guild)
        case .threads(let threads):
            for thread in threads { channels.note(.thread(thread), of: thread.id) }
        case .ready, .resumed, .message, .edited, .deleted, .interaction, .role, .ignored, .unreadable: break
        }
    }

    private func note(_ role: DiscordRole, of guild: String) {
        state.withLock { $0.roles.set(OwnRole(role: role), for: guild) }
    }

    private func ownRole(in guild: String) -> OwnRole? { state.withLock { $0.roles[guild] ?? nil } }

    // MARK: - What messages are completed with

    /// The message with what is known.
    func known(_ message: DiscordMessage) -> DiscordMessage {
        guard let guild = message.guild else { return message }
        var message = message
        if !message.mentionedRoles.isEmpty { message.ownRole = ownRole(in: guild)?.role }
        message.thread = channels[message.channel]?.thread
        return message
    }

    /// The message with what is known, and with what Discord says where it depends on that whether the message is for the bot.
    func completed(_ message: DiscordMessage, for decoder: EventDecoder, me: String) async -> DiscordMessage {
        guard let guild = message.guild else { return message }
        var message = known(message)
        if decoder.dependsOnRole(message, me: me), state.withLock({ $0.roles[guild] }) == nil {
            await ask { () async throws(RESTError) in
                let answer = try await rest.ask(Roles.self, .guild(guild), within: Self.patience)
                let own = answer.map { OwnRole(role: $0.roles.first { $0.bot == me }) }
                state.withLock { $0.roles.set(own, for: guild) }
            }
            message = known(message)
        }
        if decoder.dependsOnThread(message, me: me) {
            await ask { () async throws(RESTError) in
                _ = try await channels.find(message.channel, within: Self.patience)
            }
            message = known(message)
        }
        return message
    }

    /// Whether it stays open whether a completed message is for the bot, because Discord has not told what that depends on.
    func leavesOpen(_ message: DiscordMessage, for decoder: EventDecoder, me: String) -> Bool {
        guard let guild = message.guild else { return false }
        return (decoder.dependsOnRole(message, me: me) && ownRole(in: guild) == nil)
            || (decoder.dependsOnThread(message, me: me) && channels[message.channel] == nil)
    }

    /// Asks, unless Discord was silent just now.
    private func ask(_ question: () async throws(RESTError) -> Void) async {
        guard time.uptime >= state.withLock({ $0.silentUntil }) else { return }
        do throws(RESTError) {
            try await question()
        } catch {
            state.withLock { $0.silentUntil = time.uptime + Self.pause }
        }
    }
}
