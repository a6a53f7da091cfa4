import BotCore
import Logging

/// Drives one `GatewayMachine`: connects, reads, sends and waits as the machine says.
///
/// A reader hands frames on to the loop through a short queue. The loop never waits for the events' consumer: while the
/// consumer's queue is full, the loop stops taking frames, so that the network holds them back, and heartbeats go on.
struct GatewayShard: Sendable {
    /// What the consumer of events is handed, in order.
    enum Item: Sendable {
        case dispatch(GatewayDispatch, GatewaySession)
        case store(GatewaySession?)
        /// By the `CatchUpFetcher`: a channel was looked through.
        case looked(CatchUpOutcome)
    }

    let connector: any GatewayConnector
    let locate: @Sendable () async throws(RESTError) -> GatewayLocation
    let items: BoundedQueue<Item>
    let memory: GatewayMemory
    let links: LinkMonitor
    let time: any TimeSource
    let logger: Logger
    /// Told each event at once, before it waits its turn: interactions must be acknowledged within three seconds.
    let glance: @Sendable (GatewayDispatch) -> Void

    /// The link's name for health and log.
    static let link = "discord"

    private enum Arrival: Sendable {
        case payload(GatewayPayload)
        case closed(code: Int?)
    }

    /// Runs until the task is cancelled, or the machine stops for good; returns why.
    func run(_ machine: GatewayMachine) async -> GatewayStop? {
        var machine = machine
        var reporter = LinkReporter(links: links, logger: logger)
        let (session, budget) = await (memory.session(), memory.budget())
        var next = await perform(machine.handle(.start(session, budget), at: now), on: nil, &reporter)
        while !Task.isCancelled {
            switch next {
            case .stop(let reason): return reason
            case .connect(let address): next = await converse(at: address, &machine, &reporter)
            case .locate: next = await perform(machine.handle(await located(), at: now), on: nil, &reporter)
            case .wait:
                // Cancellation ends the loop by its condition.
                try? await time.sleep(untilUptime: machine.nextWake ?? time.uptime + .seconds(1))
                if !Task.isCancelled { next = await perform(machine.handle(.tick, at: now), on: nil, &reporter) }
            }
        }
        return nil
    }

    // MARK: - One connection

    /// What has to be done outside a connection.
    private enum Next: Equatable {
        case wait
        case locate
        case connect(GatewayAddress)
        case stop(GatewayStop)
    }

    private func converse(
        at address: GatewayAddress, _ machine: inout GatewayMachine, _ reporter: inout LinkReporter
    ) async -> Next {
        var next = Next.wait
        var wasOpen = false
        do {
            try await connector.withSocket(to: address) { socket in
                wasOpen = true
                next = await talk(over: socket, &machine, &reporter)
            }
        } catch {
            guard !wasOpen, !Task.isCancelled else { return next }
            let reason = (error as? GatewayUnreachable)?.reason ?? "\(error)"
            return await perform(machine.handle(.connectFailed(reason: reason), at: now), on: nil, &reporter)
        }
        return next
    }

    private func talk(
        over socket: any GatewaySocket, _ machine: inout GatewayMachine, _ reporter: inout LinkReporter
    ) async -> Next {
        let arrivals = BoundedQueue<Arrival>(capacity: 16)
        return await withTaskGroup(of: Void.self) { group in
            group.addTask { await read(from: socket, into: arrivals) }
            var next = await perform(machine.handle(.opened, at: now), on: socket, &reporter)
            while machine.isConnected {
                let event = await nextEvent(from: arrivals, &machine)
                next = await perform(machine.handle(event, at: now), on: socket, &reporter)
            }
            group.cancelAll()
            return next
        }
    }

    private func nextEvent(
        from arrivals: BoundedQueue<Arrival>, _ machine: inout GatewayMachine
    ) async -> GatewayMachine.Event {
        // One frame makes at most two items, of which one may wait for the other: the queue is never far over its bound.
        let isBlocked = items.isFull
        // What is due comes before what has arrived, so that a flood of events holds up no heartbeat.
        let isDue = machine.nextWake.map { $0 <= time.uptime } ?? false
        // An acknowledgement that may lie among what was not looked at yet is not a missing one.
        let lags = isBlocked || (isDue && !arrivals.isEmpty)
        if lags != machine.isPaused { _ = machine.handle(.readingPaused(lags), at: now) }
        if Task.isCancelled { return .cancelled }
        if isDue { return .tick }
        if isBlocked {
            await items.waitForRoom(until: machine.nextWake, time)
            return Task.isCancelled ? .cancelled : .tick
        }
        switch await arrivals.pop(until: machine.nextWake, time) {
        case .payload(let payload): return .received(payload)
        case .closed(let code): return .closed(code: code)
        case nil: return Task.isCancelled ? .cancelled : .tick
        }
    }

    @concurrent
    private func read(from socket: any GatewaySocket, into arrivals: BoundedQueue<Arrival>) async {
        do {
            while true {
                switch try await socket.receive() {
                case .payload(let json):
                    guard let payload = GatewayPayload(json: json) else {
                        logger.warning("the gateway sent something that is no payload; ignored")
                        continue
                    }
                    if case .dispatch(_, let dispatch) = payload { glance(dispatch) }
                    try await arrivals.push(.payload(payload))
                case .closed(let code):
                    logger.info(
                        "the gateway closed the connection",
                        metadata: ["gateway.code": "\(code.map(String.init) ?? "none")"])
                    return try await arrivals.push(.closed(code: code))
                }
            }
        } catch {
            if !Task.isCancelled { logger.info("the gateway's connection broke", metadata: ["error": "\(error)"]) }
            // Only cancellation keeps this from the loop, which needs it no more then.
            try? await arrivals.push(.closed(code: nil))
        }
    }

    // MARK: - Actions

    private func perform(
        _ actions: [GatewayMachine.Action], on socket: (any GatewaySocket)?, _ reporter: inout LinkReporter
    ) async -> Next {
        var next = Next.wait
        for action in actions {
            switch action {
            case .locate: next = .locate
            case .connect(let address): next = .connect(address)
            case .send(let command): await send(command, over: socket)
            case .close(let code): await socket?.close(code: code)
            case .store(let session): await hand(.store(session))
            case .storeBudget(let budget): await memory.store(budget)
            case .dispatch(let dispatch, let session): await hand(.dispatch(dispatch, session))
            case .report(let state, let problem): reporter.report(state, problem)
            case .stop(let reason): next = .stop(reason)
            }
        }
        return next
    }

    private func send(_ command: GatewayCommand, over socket: (any GatewaySocket)?) async {
        do {
            try await socket?.send(command.json)
        } catch {
            // The reader meets the same broken connection and reports it.
            logger.debug("a payload could not be sent", metadata: ["error": "\(error)"])
        }
    }

    private func hand(_ item: Item) async {
        // There is room, because the loop takes no frame while the queue is full; only cancellation drops the item, and what
        // is not handled then is sent again when the session is resumed.
        try? await items.push(item)
    }

    private func located() async -> GatewayMachine.Event {
        do {
            return .located(try await locate())
        } catch {
            return .notLocated(reason: error.description, tokenRefused: error == .unauthorized)
        }
    }

    private var now: GatewayMoment { GatewayMoment(uptime: time.uptime, wall: time.now) }
}

/// Tells health and log what the machine reports, the log only what is new.
struct LinkReporter: Sendable {
    let links: LinkMonitor
    let logger: Logger
    private var last: (state: LinkState, problem: String?)?

    init(links: LinkMonitor, logger: Logger) {
        self.links = links
        self.logger = logger
    }

    mutating func report(_ state: LinkState, _ problem: String?) {
        links.set(GatewayShard.link, to: state, problem: problem)
        guard last?.state != state || last?.problem != problem else { return }
        last = (state, problem)
        let metadata: Logger.Metadata = ["link.name": "discord", "link.state": "\(state.rawValue)"]
        switch (state, problem) {
        case (.failed, let problem?): logger.error("\(problem)", metadata: metadata)
        case (_, let problem?): logger.warning("\(problem)", metadata: metadata)
        case (_, nil): logger.info("the link to Discord is \(state.rawValue)", metadata: metadata)
        }
    }
}
