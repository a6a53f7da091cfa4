package import BotCore

/// A Discord on a loopback port: the REST API under `/api/v10` and the gateway, with people who write to the bot.
///
/// It is strict: what Discord refuses it refuses with Discord's codes, and what Discord would silently do otherwise (pings,
/// unknown properties, requests against the limits) is listed in `violations`.
package final class FakeDiscord: Sendable {
    /// A token as Discord makes them: the bot's id in base64 comes first.
    package static let defaultToken = "MTEwMDAwMDAwMDAwMDAwMDAwMQ.GrIgTk.abcdefghijklmnopqrstuvwxyz0123456789AB"

    package let token: String
    /// The bot's user id, which is the application's id, too.
    package let botID = "1100000000000000001"
    /// A server and a channel in it.
    package let guild = "1100000000000000500"
    package let general = "1100000000000000501"
    let time: any TimeSource
    let state: Lock<FakeDiscordState>
    let changes = Changes()
    let knownGatewayURL = Lock("")
    private let server: LoopbackServer

    /// - Parameter time: decides how old interactions are, and what the limits allow.
    package init(
        token: String = FakeDiscord.defaultToken, tls: TestTLS? = nil, address: LoopbackAddress = .port(0),
        time: any TimeSource = SystemTime()
    ) throws {
        self.token = token
        self.time = time
        var state = FakeDiscordState()
        state.now = { time.now }
        state.channels[general] = .init(id: general, guild: guild, recipient: nil)
        self.state = Lock(state)
        let route = FakeDiscordRoute()
        server = try LoopbackServer(tls: tls, address: address) { try await route.fake?.answer($0) }
        route.connect(self)
    }

    /// Serves until the task is cancelled.
    package func run() async throws { try await server.run() }

    /// What the bot takes as `discord.apiBaseURL`.
    package var url: String { get async throws { "\(try await server.url)/api/v10" } }

    var gatewayURL: String { get async throws { try await server.webSocketURL } }

    /// How many connections were accepted, those that sent nothing included.
    package var acceptedConnections: Int { server.connectionCount }

    // MARK: - People and places

    /// A person, made at the first call.
    package func user(_ id: String, name: String? = nil) -> FakeDiscordUser {
        if state.withLock({ $0.names[id] == nil }) {
            change { $0.names[id] = name ?? "user\(id.suffix(4))" }
        }
        return FakeDiscordUser(fake: self, id: id)
    }

    /// The direct channel with a person.
    package func directChannel(with user: String) -> String {
        // Looking is no change: a condition that looks must not wake itself.
        let known = state.withLock { $0.channels.values.first { $0.recipient == user }?.id }
        if let known { return known }
        return change { $0.directChannel(with: user) }
    }

    // MARK: - Settings and faults

    /// How often heartbeats are wanted, in milliseconds.
    package func setHeartbeatInterval(_ milliseconds: Int) { change { $0.heartbeatInterval = milliseconds } }

    /// Whether heartbeats are answered; while they are not, a connection looks alive and is dead.
    package func acknowledgeHeartbeats(_ isOn: Bool) { change { $0.acknowledges = isOn } }

    /// Whether the message content intent is switched on in the portal.
    package func allowMessageContent(_ isAllowed: Bool) { change { $0.privileged = isAllowed } }

    /// How far apart identifies have to be.
    package func setIdentifyGap(_ gap: Duration) { change { $0.identifyGap = gap } }

    /// Answers the next identifies with these close codes, 9 for an invalid session.
    package func answerIdentifies(with codes: [Int]) { change { $0.identifyAnswers = codes } }

    /// Whether rate limits hold.
    package func limitRates(_ isOn: Bool) { change { $0.isLimited = isOn } }

    /// Decides how long the answer to a request, by its name, is held back after it was carried out.
    package func delayAnswers(_ delay: @escaping @Sendable (String) -> Duration) { change { $0.answerDelay = delay } }

    /// Lets the next requests whose name begins so go wrong.
    package func fail(_ name: String, _ fault: FakeDiscordFault, times: Int = 1) {
        change { $0.rules.append(.init(match: name, fault: fault, left: times)) }
    }

    // MARK: - Watching

    /// All requests in the order they came, or those whose name begins so.
    package func requests(_ name: String = "") -> [FakeDiscordRequest] {
        state.withLock { state in state.requests.filter { $0.name.hasPrefix(name) } }
    }

    /// The bot's messages in a channel as they stand now, in order.
    package func sent(in channel: String) -> [FakeDiscordMessage] {
        state.withLock { state in state.messages.filter { $0.channel == channel && $0.author == botID } }
    }

    package func interaction(_ id: String) -> FakeDiscordInteraction? { state.withLock { $0.interactions[id] } }

    /// What the bot did wrong.
    package var violations: [String] { state.withLock { $0.violations } }
    /// The registered commands' names.
    package var commandNames: [String] {
        state.withLock { $0.commands.compactMap { $0["name"]?.string } }
    }
    /// How many connections, identifies, resumes and heartbeats there were.
    package var connectionCount: Int { state.withLock { $0.connectionCount } }
    package var identifyCount: Int { state.withLock { $0.identifies } }
    package var resumeCount: Int { state.withLock { $0.resumes } }
    package var heartbeatCount: Int { state.withLock { $0.heartbeats } }
    /// With which codes the bot closed connections, nil for none.
    package var closeCodes: [Int?] { state.withLock { $0.closeCodes } }
    /// How often typing was shown in a channel.
    package func typingCount(in channel: String) -> Int { state.withLock { $0.typing[channel] ?? 0 } }
    /// Whether a session is up.
    package var isReady: Bool {
        state.withLock { state in
            state.sessions.values.contains { $0.connection.map { state.connections[$0] != nil } ?? false }
        }
    }

    /// Waits until the condition holds; it is looked at again whenever something happens here.
    ///
    /// - Throws: `CancellationError`, so a test's time limit ends the wait.
    package func until(_ condition: @Sendable (FakeDiscord) -> Bool) async throws {
        while true {
            let version = changes.version
            if condition(self) { return }
            try await changes.next(after: version)
        }
    }

    /// Waits for a message of the bot in a channel that holds the text, as it then stands.
    @discardableResult
    package func reply(in channel: String, holding text: String = "") async throws -> FakeDiscordMessage {
        while true {
            let version = changes.version
            let found = sent(in: channel).last { !$0.isLoading && (text.isEmpty || $0.content.contains(text)) }
            if let found { return found }
            try await changes.next(after: version)
        }
    }

    // MARK: - Changes

    /// Changes the state and wakes who waits for that.
    @discardableResult
    func change<Result: Sendable, Failure: Error>(
        _ body: (inout FakeDiscordState) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let result = try state.withLock { state throws(Failure) in try body(&state) }
        changes.happened()
        return result
    }
}

/// Runs a fake Discord while the body runs.
package func withFakeDiscord<Result: Sendable>(
    tls: TestTLS? = nil, _ body: (FakeDiscord) async throws -> Result
) async throws -> Result {
    let fake = try FakeDiscord(tls: tls)
    return try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await fake.run() }
        _ = try await fake.url
        let result = try await body(fake)
        group.cancelAll()
        return result
    }
}

/// Lets the server's handler, which has to exist first, find the fake.
private final class FakeDiscordRoute: Sendable {
    private struct Weak: Sendable { weak let fake: FakeDiscord? }
    private let target = Lock<Weak?>(nil)

    var fake: FakeDiscord? { target.withLock { $0?.fake } }

    func connect(_ fake: FakeDiscord) { target.withLock { $0 = Weak(fake: fake) } }
}
