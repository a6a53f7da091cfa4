import BotCore
import Logging

/// Takes the gateway's events in order and stores them through the intake, each together with the place in the stream.
///
/// What the store has decides where a restarted bot resumes: so the place moves only after the events before it are stored.
struct EventPump: Sendable {
    let items: BoundedQueue<GatewayShard.Item>
    let decoder: EventDecoder
    /// Where answers open threads; nil where none is to be opened.
    let threads: ThreadPlaces?
    let memory: GatewayMemory
    let time: any TimeSource
    let logger: Logger
    /// Told once the bot's ids are known, and again after each new start of the session.
    let greeted: @Sendable (GatewaySession) -> Void

    /// So often the place is stored when nothing that matters happens.
    private static let lazyInterval = Duration.seconds(30)
    private static let maxTitles = 3000

    /// Runs until the task is cancelled.
    func run(into intake: any EventIntake) async {
        var titles: [String: String] = [:]
        var unstored: GatewaySession?
        var storedAt = time.uptime
        while !Task.isCancelled {
            let deadline = unstored == nil ? nil : storedAt + Self.lazyInterval
            let item = await items.pop(until: deadline, time)
            switch item {
            case .store(let session):
                await memory.store(session)
                unstored = nil
                storedAt = time.uptime
            case .dispatch(let dispatch, let session):
                if case .guild(let id, let name) = dispatch, titles.count < Self.maxTitles { titles[id] = name }
                if dispatch == .resumed { greeted(session) }
                if case .ready = dispatch { greeted(session) }
                unstored = session
                guard let event = await event(of: dispatch, session, titles) else { break }
                do {
                    try await intake.accept([event], cursor: memory.cursor(session))
                } catch {
                    // Only cancellation: the event is not stored, and Discord sends it again when the session is resumed.
                    return
                }
                unstored = nil
                storedAt = time.uptime
            case nil: break
            }
            if let session = unstored, time.uptime >= storedAt + Self.lazyInterval {
                await memory.store(session)
                unstored = nil
                storedAt = time.uptime
            }
        }
        if let unstored { await memory.store(unstored) }
    }

    private func event(
        of dispatch: GatewayDispatch, _ session: GatewaySession, _ titles: [String: String]
    ) async -> InboundEvent? {
        switch dispatch {
        case .message(let message):
            let title = message.guild.flatMap { titles[$0] } ?? ""
            // Most messages in servers are not for the bot: Discord is asked only about the places of those that are.
            let event = decoder.event(from: message, me: session.user, title: title, at: time.now)
            guard let threads, event?.isAddressed ?? false, await threads.contain(message) else { return event }
            return decoder.event(
                from: message, me: session.user, title: title, opensThread: true, at: time.now)
        case .interaction(let interaction):
            return decoder.event(
                from: interaction, me: session.user, title: interaction.guild.flatMap { titles[$0] } ?? "",
                at: time.now)
        case .unreadable(let name):
            logger.warning("an event of Discord could not be read", metadata: ["gateway.event": "\(name)"])
            return nil
        case .ready, .resumed, .guild, .ignored: return nil
        }
    }
}
