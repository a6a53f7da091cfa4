import BotCore
import Logging

/// Takes the gateway's events in order and stores them through the intake, each together with the place in the stream.
///
/// What the store has decides where a restarted bot resumes: so the place moves only after the events before it are stored.
struct EventPump: Sendable {
    let items: BoundedQueue<GatewayShard.Item>
    let decoder: EventDecoder
    let servers: ServerKnowledge
    /// Where answers open threads; nil where none is to be opened.
    let threads: ThreadPlaces?
    let memory: GatewayMemory
    let time: any TimeSource
    let logger: Logger
    let catchUp: CatchUp
    let fetcher: CatchUpFetcher
    let waitingMessages: WaitingMessages
    /// Told once the bot's ids are known, and again after each new start of the session.
    let greeted: @Sendable (GatewaySession) -> Void

    /// So often the place is stored when nothing that matters happens.
    private static let lazyInterval = Duration.seconds(30)
    private static let maxTitles = 3000

    /// How far what has come is stored.
    private struct Place {
        /// The place in the stream that is not stored yet.
        var unstored: GatewaySession?
        var storedAt: Duration
        var titles: [String: String] = [:]
        var recent: RecentMessages
    }

    /// Runs until the task is cancelled.
    func run(into intake: any EventIntake) async {
        // One channel at a time is looked through.
        let requests = BoundedQueue<CatchUpRequest>(capacity: 1)
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await fetcher.run(requests, into: items) { decoder.takes(servers.known($0), me: $1) }
            }
            await run(into: intake, asking: requests)
            group.cancelAll()
        }
    }

    private func run(into intake: any EventIntake, asking requests: BoundedQueue<CatchUpRequest>) async {
        // Known before the first event: what was done meanwhile to messages that wait comes as soon as the session is resumed.
        let waiting = RecentMessages(waiting: await waitingMessages(RecentMessages.capacity))
        var place = Place(storedAt: time.uptime, recent: waiting)
        var catchUp = catchUp
        var me: String?
        while !Task.isCancelled {
            let lazily = place.unstored.map { _ in place.storedAt + Self.lazyInterval }
            let item = await items.pop(until: [lazily, catchUp.nextMoment].compactMap { $0 }.min(), time)
            do {
                switch item {
                case .store(let session):
                    if let session { await memory.store(session) } else { await memory.forgetSession() }
                    place.unstored = nil
                    place.storedAt = time.uptime
                case .dispatch(let dispatch, let session):
                    // What an earlier run did not get to comes before all that a resumed session tells, which it does before it says so.
                    if me == nil { await catchUp.begin(seen: nil, me: session.user) }
                    me = session.user
                    try await take(dispatch, session, &place, &catchUp, into: intake)
                case .looked(let outcome):
                    let missed = catchUp.finished(outcome, isKnown: place.recent.contains)
                    try await store(missed, me: outcome.request.me, &place, into: intake)
                case nil: break
                }
            } catch {
                // Only cancellation: the event is not stored, and Discord sends it again when the session is resumed.
                return
            }
            await catchUp.endIfDone()
            // There is room: the next request is made only once the outcome of the one before has come.
            if let me, let request = catchUp.request(me: me, known: place.recent) { _ = requests.offer(request) }
            if let session = place.unstored, time.uptime >= place.storedAt + Self.lazyInterval {
                await memory.store(session)
                place.unstored = nil
                place.storedAt = time.uptime
            }
        }
        if let session = place.unstored { await memory.store(session) }
    }

    private func take(
        _ dispatch: GatewayDispatch, _ session: GatewaySession, _ place: inout Place, _ catchUp: inout CatchUp,
        into intake: any EventIntake
    ) async throws {
        servers.note(dispatch, me: session.user)
        switch dispatch {
        case .guild(let server):
            if !server.isUnavailable, place.titles.count < Self.maxTitles { place.titles[server.id] = server.name }
            catchUp.told(server, me: session.user)
        case .ready(let ready):
            await catchUp.begin(
                seen: session.seen, servers: decoder.answersInServers ? ready.servers : [], me: session.user)
            greeted(session)
        case .resumed:
            // Of an earlier run, perhaps, that did not get to the end, where that could not be read at the beginning.
            await catchUp.begin(seen: nil, me: session.user)
            greeted(session)
        case .message(let message):
            // The mark of what was missed stands until all is stored, so that the place in the stream may move past what is kept back.
            // Talk that is surely not for the bot needs no place.
            let needsPlace = catchUp.isPending(message.channel) && mayBeForBot(message, me: session.user)
            guard let missed = needsPlace ? catchUp.before(message) : [] else {
                place.unstored = session
                return
            }
            try await store(missed, me: session.user, &place, into: intake)
        case .edited(let message):
            if message.editedAt != nil { catchUp.changed(message.id, in: message.channel, to: message) }
        case .deleted(let deletion):
            for id in deletion.messages { catchUp.changed(id, in: deletion.channel, to: nil) }
        case .role, .threads, .interaction, .ignored, .unreadable: break
        }
        place.unstored = session
        let events = await events(of: dispatch, me: session.user, place)
        if events.isEmpty { return }
        if case .message(let message) = dispatch { place.recent.note(message.id) }
        if case .interaction(let interaction) = dispatch, let channel = interaction.channel,
            events.contains(where: \.body.clearsChat)
        {
            // A reset is carried out at once, and clears what was written before it.
            try await store(catchUp.release(channel), me: session.user, &place, into: intake)
        }
        try await intake.accept(events, cursor: memory.cursor(session))
        place.unstored = nil
        place.storedAt = time.uptime
    }

    private func mayBeForBot(_ message: DiscordMessage, me: String) -> Bool {
        let known = servers.known(message)
        return decoder.takes(known, me: me) || servers.leavesOpen(known, for: decoder, me: me)
    }

    /// Stores what was fetched; the place in the stream stays, for it tells nothing of it.
    private func store(
        _ messages: [DiscordMessage], me: String, _ place: inout Place, into intake: any EventIntake
    ) async throws {
        var events: [InboundEvent] = []
        for message in messages {
            let event = await self.events(of: .message(message), me: me, place)
            if !event.isEmpty { place.recent.note(message.id) }
            events += event
        }
        if !events.isEmpty { try await intake.accept(events, cursor: nil) }
    }

    private func events(of dispatch: GatewayDispatch, me: String, _ place: Place) async -> [InboundEvent] {
        switch dispatch {
        case .message(let told):
            let message = await servers.completed(told, for: decoder, me: me)
            let title = message.guild.flatMap { place.titles[$0] } ?? ""
            return await event(of: message) {
                decoder.event(from: message, me: me, title: title, opensThread: $0, at: time.now)
            }
        case .edited(let told):
            // What Discord adds to a message, as the card of a link, is no edit.
            if told.editedAt == nil { return [] }
            let message = await servers.completed(told, for: decoder, me: me)
            let title = message.guild.flatMap { place.titles[$0] } ?? ""
            let edited = await event(of: message) {
                decoder.event(fromEdited: message, me: me, title: title, opensThread: $0, at: time.now)
            }
            // What is not for the bot any more was taken back. What may still be for it was not.
            if !edited.isEmpty || servers.leavesOpen(message, for: decoder, me: me) { return edited }
            return deleted(DiscordDeletion(of: message), me: me, place)
        case .deleted(let deletion): return deleted(deletion, me: me, place)
        case .interaction(let interaction):
            let title = interaction.guild.flatMap { place.titles[$0] } ?? ""
            let event = decoder.event(from: interaction, me: me, title: title, at: time.now)
            return [event].compactMap(\.self)
        case .unreadable(let name):
            logger.warning("an event of Discord could not be read", metadata: ["gateway.event": "\(name)"])
            return []
        case .ready, .resumed, .guild, .role, .threads, .ignored: return []
        }
    }

    private func deleted(_ deletion: DiscordDeletion, me: String, _ place: Place) -> [InboundEvent] {
        decoder.events(
            from: deletion, of: deletion.messages.filter(place.recent.contains), me: me, mayBeInThread: threads != nil,
            at: time.now)
    }

    /// Most messages in servers are not for the bot: whether a thread can be opened is asked only about those that are.
    private func event(
        of message: DiscordMessage, _ event: (_ opensThread: Bool) -> InboundEvent?
    ) async -> [InboundEvent] {
        guard let plain = event(false) else { return [] }
        guard let threads, plain.isAddressed, await threads.contain(message) else { return [plain] }
        return [event(true) ?? plain]
    }
}
