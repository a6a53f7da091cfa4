import BotCore
import Logging

/// Tells the channels in which a bot, named by its user id, has talked of late: the latest first, at most as many as asked for.
package typealias RecentChannels = @Sendable (_ account: String, _ limit: Int) async -> [String]

/// Fetches the messages that were missed between two sessions of the gateway, channel by channel, for the consumer of its events: what
/// was missed in a channel is stored before what is written there now.
///
/// A resumed session misses nothing; a new one begins where it is made.
struct CatchUp: Sendable {
    let messages: MissedMessages
    let recentChannels: RecentChannels
    /// Whether answers open threads: then the bot talks in those, and what is for it is written in the channels that they were made in.
    let opensThreads: Bool
    let memory: GatewayMemory
    let time: any TimeSource
    let logger: Logger

    /// So many channels at most are looked through.
    static let maxChannels = 1000
    /// After so many channels that may not be read it ends: too many refused requests would stop all others.
    private static let maxRefusals = 50

    private var plan: CatchUpPlan?
    private var refusals = 0
    private var members = MissedMessages.Members(capacity: 1000)
    private var backoff = Backoff(first: .seconds(1), limit: .seconds(30))

    init(
        messages: MissedMessages, recentChannels: @escaping RecentChannels, opensThreads: Bool, memory: GatewayMemory,
        time: any TimeSource, logger: Logger
    ) {
        self.messages = messages
        self.recentChannels = recentChannels
        self.opensThreads = opensThreads
        self.memory = memory
        self.time = time
        self.logger = logger
    }

    /// Begins, if anything may have been missed: before the new session, or in an earlier run that did not get to the end.
    ///
    /// - Parameter seen: the newest message seen before the new session; nil for a resumed one, which misses nothing itself.
    mutating func begin(seen: Int64?, me: String) async {
        if plan != nil, seen == nil { return }
        if let seen { await memory.storeMissed(after: seen) }
        // What is stored is the oldest mark; how far this run has come since is known from its plan alone.
        guard let oldest = await memory.missed() else { return }
        let plan = CatchUpPlan(
            seen: plan == nil ? oldest : seen ?? oldest, channels: await recentChannels(me, Self.maxChannels),
            unfinished: plan, at: time.now)
        self.plan = plan
        refusals = 0
        members = MissedMessages.Members(capacity: 1000)
        if plan.isDone { await end() }
    }

    /// When `next` has something to do; nil when there is nothing.
    var nextMoment: Duration? { plan?.next?.at }

    /// Fetches what was missed in the channel whose turn it is.
    ///
    /// - Parameters:
    ///   - isKnown: whether a message was taken already.
    ///   - isForBot: whether the bot has to do with a message.
    mutating func next(
        isKnown: (String) -> Bool, isForBot: (DiscordMessage) -> Bool
    ) async -> [DiscordMessage] {
        guard let next = plan?.next, next.at <= time.uptime else { return [] }
        return await fetch(next.channel, isKnown, isForBot) ?? []
    }

    /// Returns what has to be stored before a message that has been written now: what was missed in its channel; nil when that cannot be
    /// had yet: then the message is kept back and comes with it, and no other channel waits.
    mutating func before(
        _ message: DiscordMessage, isKnown: (String) -> Bool, isForBot: (DiscordMessage) -> Bool
    ) async -> [DiscordMessage]? {
        guard let moment = plan?.moment(of: message.channel) else { return [] }
        if moment <= time.uptime, let messages = await fetch(message.channel, isKnown, isForBot) {
            // What comes after it comes as an event.
            return messages.filter { $0.channel != message.channel || $0.number < message.number }
        }
        return plan?.hold(message)
    }

    /// Notes that a message was edited, or deleted if there is none: it may be kept back.
    mutating func changed(_ id: String, in channel: String, to message: DiscordMessage?) {
        plan?.change(id, in: channel, to: message)
    }

    /// Notes that what was fetched is stored.
    mutating func stored() async {
        if plan?.isDone == true { await end() }
    }

    /// The messages, with those that were kept back; nil when it has failed and is tried again.
    private mutating func fetch(
        _ channel: String, _ isKnown: (String) -> Bool, _ isForBot: (DiscordMessage) -> Bool
    ) async -> [DiscordMessage]? {
        guard var plan else { return [] }
        defer { self.plan = plan }
        do throws(RESTError) {
            let end = time.uptime + MissedMessages.deadline
            let place = opensThreads ? try await messages.channel(channel, until: end) : nil
            if let parent = place?.parent { plan.add(parent) }
            let found = try await messages.fetch(
                from: channel, place, after: plan.after(in: channel), until: end, members: &members, isKnown: isKnown,
                isForBot: isForBot)
            backoff.reset()
            if !found.isEmpty {
                logger.info("messages that were missed", metadata: ["count": "\(found.count)"])
            }
            let ids = Set(found.map(\.id))
            let held = plan.finish(channel).filter { !ids.contains($0.id) }
            return (found + held).sorted { $0.number < $1.number }
        } catch {
            switch error {
            case .refused, .unauthorized:
                // The bot may not read there, or not any more.
                refusals += 1
                return refusals < Self.maxRefusals ? plan.finish(channel) : plan.finishAll()
            case .cancelled where Task.isCancelled: return nil
            case .rateLimited(let span, let everywhere):
                return postpone(channel, by: span, &plan, withOthers: everywhere)
            case .unreadable: return postpone(channel, by: backoff.next(), &plan, withOthers: false)
            case .notSent, .outcomeUnknown, .cancelled:
                // Nobody answers: the next channel's requests would hold everything up for as long once more.
                return postpone(channel, by: backoff.next(), &plan, withOthers: true)
            }
        }
    }

    private mutating func postpone(
        _ channel: String, by span: Duration, _ plan: inout CatchUpPlan, withOthers: Bool
    ) -> [DiscordMessage]? {
        let moment = time.uptime + span
        if withOthers { plan.postponeAll(until: moment) }
        if plan.postpone(channel, until: moment) { return nil }
        logger.warning("messages that were missed in a channel cannot be fetched")
        return plan.finish(channel)
    }

    private mutating func end() async {
        plan = nil
        members = MissedMessages.Members(capacity: 1000)
        await memory.missesNothing()
    }
}
