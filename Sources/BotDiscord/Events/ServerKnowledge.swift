import BotCore

/// What decides whether a message in a server is for the bot and stands in no message: which role is the bot's own, and in which channel
/// and by whom a thread was made. The gateway tells most of it; what it has told to an earlier run is asked for once.
final class ServerKnowledge: Sendable {
    /// A server's roles, for one who asks.
    private struct Roles: Decodable { let roles: [DiscordRole] }

    private struct State: Sendable {
        /// The bot's own role by server; nil for a server that has none, or does not tell.
        var roles = RecentMap<String, DiscordRole?>(capacity: 3000)
        /// Threads by their ids; nil for a channel that is none, or of which Discord does not tell.
        var threads = RecentMap<String, DiscordThread?>(capacity: 5000)
        /// Until when nothing is asked.
        var silentUntil = Duration.zero
    }

    /// Other events wait for the answer: so it must come soon, and where it does not, nothing is asked for a while.
    private static let patience = Duration.seconds(2)
    private static let pause = Duration.seconds(60)

    private let rest: DiscordREST
    private let time: any TimeSource
    private let state = Lock(State())

    init(rest: DiscordREST, time: any TimeSource) {
        self.rest = rest
        self.time = time
    }

    // MARK: - What the gateway tells

    /// Notes what an event tells of servers.
    func note(_ dispatch: GatewayDispatch, me: String) {
        switch dispatch {
        case .guild(let server):
            let own = server.roles.first { $0.bot == me }
            state.withLock { state in
                // Without the bot's role the list may have been unreadable: then it is asked for when it matters.
                if let own { state.roles.set(own, for: server.id) }
                for thread in server.threads { state.threads.set(thread, for: thread.id) }
            }
        case .role(let change) where change.role.bot == me:
            state.withLock { $0.roles.set(change.role, for: change.guild) }
        case .threads(let threads):
            state.withLock { state in
                for thread in threads { state.threads.set(thread, for: thread.id) }
            }
        case .ready, .resumed, .message, .edited, .deleted, .interaction, .role, .ignored, .unreadable: break
        }
    }

    // MARK: - What messages are completed with

    /// The message with what is known.
    func known(_ message: DiscordMessage) -> DiscordMessage {
        guard let guild = message.guild else { return message }
        var message = message
        state.withLock { state in
            if !message.mentionedRoles.isEmpty { message.ownRole = state.roles[guild] ?? nil }
            if message.thread == nil { message.thread = state.threads[message.channel] ?? nil }
        }
        return message
    }

    /// The message with what is known, and with what Discord says where it depends on that whether the message is for the bot.
    func completed(_ message: DiscordMessage, for decoder: EventDecoder, me: String) async -> DiscordMessage {
        guard let guild = message.guild else { return message }
        var message = known(message)
        if decoder.dependsOnRole(message, me: me), state.withLock({ $0.roles[guild] }) == nil {
            await askForRole(in: guild, me: me)
            message = known(message)
        }
        if decoder.dependsOnThread(message, me: me), state.withLock({ $0.threads[message.channel] }) == nil {
            await askForThread(message.channel)
            message = known(message)
        }
        return message
    }

    private func askForRole(in guild: String, me: String) async {
        await ask(.guild(guild)) { body throws(RESTError) in
            let own = try DiscordREST.read(Roles.self, from: body).roles.first { $0.bot == me }
            state.withLock { $0.roles.set(own, for: guild) }
        } otherwise: {
            state.withLock { $0.roles.set(nil, for: guild) }
        }
    }

    private func askForThread(_ channel: String) async {
        await ask(.channel(channel)) { body throws(RESTError) in
            let thread = try DiscordREST.read(MissedMessages.Channel.self, from: body).thread
            state.withLock { $0.threads.set(thread, for: channel) }
        } otherwise: {
            state.withLock { $0.threads.set(nil, for: channel) }
        }
    }

    /// - Parameter otherwise: what to do where it will never be known.
    private func ask(
        _ route: RESTRoute, _ take: ([UInt8]) throws(RESTError) -> Void, otherwise: () -> Void
    ) async {
        guard time.uptime >= state.withLock({ $0.silentUntil }) else { return }
        var route = route
        route.deadline = Self.patience
        do throws(RESTError) {
            try take(try await rest.send(route))
        } catch {
            switch error {
            case .refused, .unauthorized, .unreadable: otherwise()
            case .cancelled, .rateLimited, .notSent, .outcomeUnknown:
                state.withLock { $0.silentUntil = time.uptime + Self.pause }
            }
        }
    }
}
