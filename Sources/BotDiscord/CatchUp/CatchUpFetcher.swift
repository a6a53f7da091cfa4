import BotCore

/// What is to be looked for in one channel.
struct CatchUpRequest: Sendable {
    /// Which plan it belongs to: what it brings is of no use to a later one.
    let plan: Int
    /// The bot's user id.
    let me: String
    let channel: String
    /// Messages with a greater id are looked for.
    let after: Int64
    /// What is known of people in servers.
    let members: MissedMessages.Members
    /// The messages that were taken already, so that nothing need be asked for them.
    let known: RecentMessages
}

/// What was found in one channel.
struct CatchUpOutcome: Sendable {
    let request: CatchUpRequest
    /// What is known of people in servers now, whether all was found or not.
    let members: MissedMessages.Members
    /// The channel that it was made in, where it is a thread.
    let parent: String?
    /// The messages for the bot, the oldest first.
    let result: Result<[DiscordMessage], RESTError>
}

/// Looks channels through for missed messages, one after the other, beside the consumer of the gateway's events: while Discord takes its
/// time, what is written in other channels is taken in.
struct CatchUpFetcher: Sendable {
    let messages: MissedMessages
    /// Whether answers open threads: then the bot talks in those, and what is for it is written in the channels that they were made in.
    let opensThreads: Bool
    let time: any TimeSource

    /// Carries requests out until the task is cancelled.
    ///
    /// - Parameter isForBot: whether the bot, named by its user id, has to do with a message.
    func run(
        _ requests: BoundedQueue<CatchUpRequest>, into items: BoundedQueue<GatewayShard.Item>,
        isForBot: @Sendable (DiscordMessage, _ me: String) -> Bool
    ) async {
        while let request = await requests.pop(time) {
            let outcome = await carryOut(request) { isForBot($0, request.me) }
            // Only cancellation: what was missed is looked for by the next run.
            do { try await items.push(.looked(outcome)) } catch { return }
        }
    }

    func carryOut(_ request: CatchUpRequest, isForBot: (DiscordMessage) -> Bool) async -> CatchUpOutcome {
        var members = request.members
        var place: MissedMessages.Channel?
        let result: Result<[DiscordMessage], RESTError>
        do throws(RESTError) {
            let end = time.uptime + MissedMessages.deadline
            if opensThreads { place = try await messages.channel(request.channel, until: end) }
            result = .success(
                try await messages.fetch(
                    from: request.channel, place, after: request.after, until: end, members: &members,
                    isKnown: request.known.contains, isForBot: isForBot))
        } catch {
            result = .failure(error)
        }
        return CatchUpOutcome(request: request, members: members, parent: place?.parent, result: result)
    }
}
