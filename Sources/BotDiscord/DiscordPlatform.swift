package import BotCore
import BotHTTP
import Logging

/// Discord: a client of the gateway that takes events in, and the transport that sends answers out.
package final class DiscordPlatform: Sendable {
    let configuration: DiscordConfiguration
    let sender: DiscordSender
    let rest: DiscordREST
    let attachments: AttachmentFetcher
    private let connector: any GatewayConnector
    private let responder: InteractionResponder
    private let registrar: CommandRegistrar
    private let decoder: EventDecoder
    private let cursors: any CursorStore
    private let recentChannels: RecentChannels
    private let waitingMessages: WaitingMessages
    private let links: LinkMonitor
    private let time: any TimeSource
    private let logger: Logger
    private let random: @Sendable () -> Double
    let directChannels: DirectChannels
    private let me = Lock<String?>(nil)
    private let invite = Lock<String?>(nil)
    private let isGreeted = Gate(isOpen: false)

    /// How many events may wait for the store before the gateway is held back.
    private static let capacity = 256

    /// Creates the platform over any HTTP and any gateway.
    init(
        configuration: DiscordConfiguration, http: any HTTPSending, connector: any GatewayConnector,
        cursors: any CursorStore, recentChannels: @escaping RecentChannels,
        waitingMessages: @escaping WaitingMessages, links: LinkMonitor, commands: [CommandDescription],
        mayAsk: @escaping @Sendable (Speaker, ChatScope) -> Bool, time: any TimeSource, logger: Logger,
        random: @escaping @Sendable () -> Double
    ) {
        self.configuration = configuration
        self.connector = connector
        self.cursors = cursors
        self.recentChannels = recentChannels
        self.waitingMessages = waitingMessages
        self.links = links
        self.time = time
        self.logger = logger
        self.random = random
        rest = DiscordREST(
            http: http, baseURL: configuration.apiBaseURL, token: configuration.botToken, time: time, logger: logger)
        attachments = AttachmentFetcher(
            http: http, allowsLoopback: GatewayAddress.isLoopback(url: configuration.apiBaseURL), time: time)
        let ledger = InteractionLedger()
        directChannels = DirectChannels(rest: rest)
        let permissions = PermissionWatch(links: links, concern: configuration.concern, logger: logger)
        sender = DiscordSender(
            rest: rest, ledger: ledger, threads: ThreadOpener(rest: rest, permissions: permissions, logger: logger),
            permissions: permissions, time: time)
        decoder = EventDecoder(
            commands: Set(commands.map(\.name)), hearsEverything: configuration.hearsEverything,
            answersInServers: configuration.answersInServers, mayAsk: mayAsk, channels: configuration.channels,
            followsOwnThreads: configuration.answerInThread && configuration.messageContentIntent)
        responder = InteractionResponder(rest: rest, ledger: ledger, decoder: decoder, time: time, logger: logger)
        registrar = CommandRegistrar(rest: rest, commands: commands, time: time, logger: logger)
    }

    /// Connects and passes events on until the task is cancelled, or until Discord refuses the bot for good: then the link
    /// is failed and one sentence in the log says what to do.
    ///
    /// A lost connection heals by itself. On cancellation the connection is closed such that the session can be resumed.
    package func run(intake: any EventIntake) async {
        let memory = GatewayMemory(cursors: cursors, token: configuration.botToken, shard: .only, logger: logger)
        let items = BoundedQueue<GatewayShard.Item>(capacity: Self.capacity)
        let greetings = BoundedQueue<GatewaySession>(capacity: 1)
        let channels = ChannelDirectory(rest: rest)
        let pump = EventPump(
            items: items, decoder: decoder, servers: ServerKnowledge(rest: rest, channels: channels, time: time),
            threads: configuration.answerInThread ? ThreadPlaces(channels: channels) : nil,
            memory: memory, time: time, logger: logger,
            catchUp: CatchUp(recentChannels: recentChannels, memory: memory, time: time, logger: logger),
            fetcher: CatchUpFetcher(
                messages: MissedMessages(rest: rest, channels: channels, time: time),
                opensThreads: configuration.answerInThread, time: time),
            waitingMessages: waitingMessages,
            // One greeting is enough.
            greeted: { [me] session in
                me.withLock { $0 = session.user }
                _ = greetings.offer(session)
            })
        let shard = GatewayShard(
            connector: connector, locate: { [rest] () async throws(RESTError) in try await rest.location() },
            items: items,
            memory: memory, links: links, time: time, logger: logger,
            glance: { [responder] in responder.glance(at: $0) })
        let stop = await withTaskGroup(of: Void.self) { group in
            group.addTask { await pump.run(into: intake) }
            group.addTask { [responder] in await responder.run() }
            group.addTask { [registrar, time] in
                if let session = await greetings.pop(time) {
                    self.noteInvite(to: session.application)
                    await registrar.register(application: session.application)
                }
            }
            let stop = await untilRefused { [machine] in await shard.run(machine) }
            group.cancelAll()
            return stop
        }
        // The events' consumer was cancelled with the rest: what was refused must not be resumed.
        guard let stop else { return }
        await memory.forgetSession()
        // Where the REST API was the first to know, the gateway has said nothing yet.
        guard links.all[GatewayShard.link]?.state != .failed else { return }
        var reporter = LinkReporter(links: links, logger: logger)
        reporter.report(.failed, stop.sentence)
    }

    /// Runs the gateway until it stops, or until the REST API refuses the token: then the gateway is left as well.
    private func untilRefused(_ gateway: @escaping @Sendable () async -> GatewayStop?) async -> GatewayStop? {
        await withTaskGroup(of: GatewayStop?.self) { group in
            group.addTask { await gateway() }
            group.addTask { [rest] in await rest.waitForRefusal() ? .tokenRefused : nil }
            let stop = await group.next()
            group.cancelAll()
            return stop ?? nil
        }
    }

    /// The bot's user id, once Discord has said it.
    var account: String? { me.withLock { $0 } }

    /// The link that brings the bot into a server, once Discord has said who the bot is.
    package var inviteURL: String? { invite.withLock { $0 } }

    /// Waits until Discord has said who the bot is.
    ///
    /// - Throws: `CancellationError` alone.
    package func waitForInviteURL() async throws -> String? {
        try await isGreeted.wait()
        return inviteURL
    }

    private func noteInvite(to application: String) {
        invite.withLock { $0 = BotInvite.url(application: application, answersInThread: configuration.answerInThread) }
        isGreeted.set(open: true)
    }

    private var machine: GatewayMachine {
        let settings = GatewayMachine.Settings(
            token: configuration.botToken, wantsContent: configuration.messageContentIntent, shard: .only,
            allowsLoopback: GatewayAddress.isLoopback(url: configuration.apiBaseURL))
        return GatewayMachine(settings, random: random)
    }
}

extension InteractionResponder {
    /// Takes in interactions among the gateway's events.
    func glance(at dispatch: GatewayDispatch) {
        if case .interaction(let interaction) = dispatch { take(interaction) }
    }
}
