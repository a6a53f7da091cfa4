import BotCore

/// One shard of the gateway as a pure machine: told what happened and when, it says what to do. It waits for nothing and
/// sends nothing itself.
///
/// An attempt goes waiting -> (locating) -> connecting -> greeting -> starting -> up. After `.close` the driver drops the
/// connection and reports nothing more of it.
struct GatewayMachine: Sendable {
    /// Where an attempt stands.
    enum Phase: Sendable, Hashable {
        case idle
        /// `GET /gateway/bot` is under way.
        case locating
        case waiting(until: Duration)
        case connecting
        /// Connected; Hello has to come.
        case greeting(deadline: Duration)
        /// Identify or Resume is sent; READY or RESUMED has to come.
        case starting(deadline: Duration)
        case up
        case stopped
    }

    /// What happened.
    enum Event: Sendable, Equatable {
        /// The program starts, with what it stored before.
        case start(GatewaySession?, IdentifyBudget)
        /// `GET /gateway/bot` answered.
        case located(GatewayLocation)
        /// It did not; `tokenRefused` for a 401.
        case notLocated(reason: String, tokenRefused: Bool)
        case opened
        case connectFailed(reason: String)
        case received(GatewayPayload)
        case closed(code: Int?)
        /// The time of `nextWake` has come.
        case tick
        /// Reading stands still or lags, because what was read before is not handled yet; or it goes on.
        case readingPaused(Bool)
        case cancelled
    }

    /// What to do.
    enum Action: Sendable, Equatable {
        case locate
        case connect(GatewayAddress)
        case send(GatewayCommand)
        /// Close with this code and forget the connection.
        case close(code: Int)
        /// Remember how to resume, or that there is nothing to resume.
        case store(GatewaySession?)
        /// Remember the identifies spent, before anything else is done.
        case storeBudget(IdentifyBudget)
        /// Hand on an event, with the session as it is once the event is handled.
        case dispatch(GatewayDispatch, GatewaySession)
        /// What the link's state is, and one sentence when something is wrong.
        case report(LinkState, problem: String?)
        case stop(GatewayStop)
    }

    /// What the machine needs to know beforehand.
    struct Settings: Sendable {
        let token: Secret
        let wantsContent: Bool
        let shard: ShardID
        /// Whether the gateway may be on loopback, because the REST API is.
        let allowsLoopback: Bool
    }

    static let helloDeadline = Duration.seconds(60)
    static let startDeadline = Duration.seconds(15)
    /// After so long without an event a connection that seems to be up may be deaf.
    static let silenceLimit = Duration.seconds(15 * 60)
    /// After so many such spells in a row the session is given up; identifies are too few to do it each time.
    static let silentSpellsOfSession = 4
    /// Our own close code: with 1000 or 1001 Discord would end the session.
    static let closeCode = 4000

    let settings: Settings
    let random: @Sendable () -> Double
    var phase = Phase.idle
    var session: GatewaySession?
    var budget = IdentifyBudget()
    /// The address of `GET /gateway/bot`, until it does not connect.
    var gateway: GatewayAddress?
    var isResuming = false
    var isAtCachedAddress = false
    var asksForContent: Bool
    var backoff = Backoff(first: .seconds(1), limit: .seconds(60))
    /// When the attempt began that is under way.
    var attemptBegan = Duration.zero
    var lastImmediate: Duration?
    var failedResumes = 0
    var unreachableResumes = 0
    var interval: Duration?
    var nextBeat: Duration?
    var awaitsAck = false
    var isPaused = false
    /// When the last event came, and how often none came for too long since.
    var lastDispatch = Duration.zero
    var silentSpells = 0
    /// The newest message seen, also before the session that stands now.
    var seen: Int64?
    var sends = GatewaySendBudget()

    init(_ settings: Settings, random: @escaping @Sendable () -> Double) {
        self.settings = settings
        self.random = random
        asksForContent = settings.wantsContent
    }

    /// When `tick` is due; nil while the machine waits for something else.
    var nextWake: Duration? {
        switch phase {
        case .idle, .locating, .connecting, .stopped: nil
        case .waiting(let until): until
        case .greeting(let deadline): isPaused ? nil : deadline
        case .starting(let deadline): isPaused ? nextBeat : nextBeat.map { min($0, deadline) } ?? deadline
        case .up: nextBeat
        }
    }

    /// Whether a connection stands or is being made.
    var isConnected: Bool {
        switch phase {
        case .greeting, .starting, .up: true
        case .idle, .locating, .waiting, .connecting, .stopped: false
        }
    }

    /// GUILDS, GUILD_MESSAGES and DIRECT_MESSAGES, and MESSAGE_CONTENT where it is wanted (Gateway, "List of Intents").
    var intents: Int { 1 << 0 | 1 << 9 | 1 << 12 | (asksForContent ? 1 << 15 : 0) }

    /// Takes an event and says what to do, in order.
    mutating func handle(_ event: Event, at now: GatewayMoment) -> [Action] {
        if phase == .stopped { return [] }
        switch event {
        case .start(let session, let budget):
            self.session = session
            self.budget = budget
            seen = session?.seen
            phase = .waiting(until: now.uptime)
            return [.report(.connecting, problem: nil)]
        case .located(let location): return located(location, at: now)
        case .notLocated(_, tokenRefused: true): return stop(.tokenRefused)
        case .notLocated(let reason, tokenRefused: false):
            return [
                retry(
                    after: backoff.next(random: random()), "Discord cannot be reached (\(reason)); trying again",
                    at: now)
            ]
        case .opened:
            sends = GatewaySendBudget()
            interval = nil
            nextBeat = nil
            awaitsAck = false
            isPaused = false
            phase = .greeting(deadline: now.uptime + Self.helloDeadline)
            return []
        case .connectFailed(let reason): return connectFailed(reason, at: now)
        case .received(let payload): return received(payload, at: now)
        case .closed(let code): return lost(code: code, at: now)
        case .tick: return tick(at: now)
        case .readingPaused(let isPaused):
            self.isPaused = isPaused
            // The acknowledgement may lie among what was not read: it gets until the next beat.
            if !isPaused { awaitsAck = false }
            return []
        case .cancelled:
            let actions: [Action] = isConnected ? [.close(code: Self.closeCode)] : []
            phase = .stopped
            return actions
        }
    }

    // MARK: - Getting connected

    private mutating func located(_ location: GatewayLocation, at now: GatewayMoment) -> [Action] {
        guard let address = GatewayAddress(location.url, allowLoopback: settings.allowsLoopback) else {
            return [
                retry(
                    after: .seconds(60),
                    "Discord's API named a gateway that is not Discord's; it is not given the token",
                    at: now)
            ]
        }
        gateway = address
        budget.learn(
            total: location.total, remaining: location.remaining, resetAfter: location.resetAfter, at: now.wall)
        return begin(at: now)
    }

    /// Begins an attempt: with a session to resume it, else to identify as soon as the budget allows.
    private mutating func begin(at now: GatewayMoment) -> [Action] {
        isResuming = session != nil
        attemptBegan = now.uptime
        if let session, let address = resumeAddress(of: session) {
            isAtCachedAddress = false
            phase = .connecting
            return [.connect(address)]
        }
        guard let gateway else {
            phase = .locating
            return [.locate]
        }
        if !isResuming, let wait = waitForIdentify(at: now) { return [wait] }
        isAtCachedAddress = true
        phase = .connecting
        return [.connect(gateway)]
    }

    /// The session's own address; nil where it may not get the token, and now and then when it does not connect.
    private func resumeAddress(of session: GatewaySession) -> GatewayAddress? {
        if unreachableResumes >= 3, unreachableResumes % 2 == 1 { return nil }
        return GatewayAddress(session.resumeURL, allowLoopback: settings.allowsLoopback)
    }

    private mutating func waitForIdentify(at now: GatewayMoment) -> Action? {
        switch budget.verdict(at: now.wall) {
        case .allowed(let moment) where moment <= now.wall: return nil
        case .allowed(let moment): return retry(after: moment.since(now.wall), nil, at: now)
        case .exhausted(let moment):
            return retry(
                after: moment.since(now.wall),
                "nearly all of Discord's logins of this day are used; mybot waits until there are new ones, "
                    + "because with more of them Discord would reset the bot token", at: now)
        }
    }

    private mutating func tick(at now: GatewayMoment) -> [Action] {
        switch phase {
        case .waiting(let until) where until <= now.uptime: return begin(at: now)
        case .greeting(let deadline) where deadline <= now.uptime && !isPaused: return leave(at: now)
        case .starting(let deadline) where deadline <= now.uptime && !isPaused: return leave(at: now)
        case .starting, .up: return beatIfDue(at: now)
        case .idle, .locating, .waiting, .connecting, .greeting, .stopped: return []
        }
    }

    // MARK: - What comes from the gateway

    private mutating func received(_ payload: GatewayPayload, at now: GatewayMoment) -> [Action] {
        guard isConnected else { return [] }
        switch payload {
        case .hello(let interval): return greeted(interval: interval, at: now)
        case .heartbeatRequest: return beat(at: now)
        case .heartbeatAck:
            awaitsAck = false
            return phase == .up ? [reportUp] : []
        case .reconnect: return leave(at: now)
        case .invalidSession(canResume: true): return leave(at: now)
        case .invalidSession(canResume: false): return invalidated(at: now)
        case .dispatch(let seq, let dispatch): return dispatched(dispatch, seq: seq, at: now)
        case .unknown: return []
        }
    }

    private mutating func greeted(interval: Duration, at now: GatewayMoment) -> [Action] {
        guard case .greeting = phase else { return [] }
        self.interval = interval
        nextBeat = now.uptime + interval * random()
        phase = .starting(deadline: now.uptime + Self.startDeadline)
        if isResuming, let session {
            return send(.resume(token: settings.token, session: session.id, seq: session.seq), at: now)
        }
        budget.spend(at: now.wall)
        return [.storeBudget(budget)]
            + send(.identify(token: settings.token, intents: intents, shard: settings.shard), at: now)
    }

    private mutating func dispatched(
        _ dispatch: GatewayDispatch, seq: Int64, at now: GatewayMoment
    ) -> [Action] {
        lastDispatch = now.uptime
        if case .ready(let ready) = dispatch {
            let session = GatewaySession(
                id: ready.session, seq: seq, resumeURL: ready.resumeURL, user: ready.user,
                application: ready.application, seen: seen)
            // What comes before anybody writes must not be looked for a second time.
            seen = seen ?? Snowflake.first(at: now.wall)
            self.session = session
            self.session?.seen = seen
            return arrived() + [.store(session), .dispatch(dispatch, session)]
        }
        session?.seq = seq
        if case .message(let message) = dispatch, let id = Int64(message.id) {
            seen = max(seen ?? id, id)
            session?.seen = seen
        }
        // Nothing but READY comes first; without it there is nobody to hand the event to.
        guard let session else { return [] }
        if dispatch == .resumed { return arrived() + [.dispatch(dispatch, session)] }
        silentSpells = 0
        // A long replay counts as life.
        if case .starting = phase { phase = .starting(deadline: now.uptime + Self.startDeadline) }
        return [.dispatch(dispatch, session)]
    }

    private mutating func arrived() -> [Action] {
        phase = .up
        failedResumes = 0
        unreachableResumes = 0
        backoff.reset()
        return [reportUp]
    }

    private var reportUp: Action {
        let lacksContent = settings.wantsContent && !asksForContent
        return .report(
            .connected,
            problem: lacksContent
                ? "Discord refused the message content intent, so mybot goes on without it: switch on \"Message Content "
                    + "Intent\" at https://discord.com/developers/applications (Bot, Privileged Gateway Intents) and restart"
                : nil)
    }

    // MARK: - Heartbeats

    private mutating func beatIfDue(at now: GatewayMoment) -> [Action] {
        guard let nextBeat, let interval, nextBeat <= now.uptime else { return [] }
        // Nothing answered the last heartbeat: the connection is dead, whatever the network says.
        if awaitsAck, !isPaused { return leave(at: now) }
        if phase == .up, !isPaused, now.uptime - lastDispatch >= Self.silenceLimit { return replaceSilent(at: now) }
        self.nextBeat = now.uptime + interval
        awaitsAck = true
        return beat(at: now)
    }

    private mutating func beat(at now: GatewayMoment) -> [Action] { send(.heartbeat(seq: session?.seq), at: now) }

    private mutating func send(_ command: GatewayCommand, at now: GatewayMoment) -> [Action] {
        sends.take(isHeartbeat: command.isHeartbeat, at: now.uptime) ? [.send(command)] : []
    }
}

/// A moment on both clocks: intervals go by uptime, what is kept over restarts by the wall clock.
struct GatewayMoment: Sendable, Hashable {
    let uptime: Duration
    let wall: Timestamp
}

/// The answer of `GET /gateway/bot`.
struct GatewayLocation: Sendable, Hashable {
    let url: String
    /// Identifies in 24 hours, those that are left, and when there are new ones.
    let total: Int
    let remaining: Int
    let resetAfter: Duration
}
