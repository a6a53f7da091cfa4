import BotCore
import Logging

/// Tells the channels in which a bot, named by its user id, has talked of late: the latest first, at most as many as asked for.
package typealias RecentChannels = @Sendable (_ account: String, _ limit: Int) async -> [String]

/// Decides when which channel is looked through for messages that were missed between two sessions of the gateway, and what is kept back
/// meanwhile: what was missed in a channel is stored before what is written there now, and no other channel waits.
///
/// A resumed session misses nothing; a new one begins where it is made.
struct CatchUp: Sendable {
    let recentChannels: RecentChannels
    let memory: GatewayMemory
    let time: any TimeSource
    let logger: Logger

    /// So many channels at most are looked through.
    static let maxChannels = 1000
    /// After so many channels that may not be read it ends: too many refused requests would stop all others.
    private static let maxRefusals = 50
    /// So many changes of messages are remembered while their channel is looked through.
    private static let maxChanges = 1000
    /// So long after the beginning of a session its servers may tell where something was written: one that is down tells it never.
    private static let patience = Duration.seconds(60)

    private var plan: CatchUpPlan?
    /// Counts the plans.
    private var number = 0
    /// Until when servers are waited for.
    private var awaitsUntil = Duration.zero
    /// The channel that is being looked through.
    private var current: String?
    /// What was edited there meanwhile, and deleted: nil. What is found may be older.
    private var changes = RecentMap<String, DiscordMessage?>(capacity: maxChanges)
    private var refusals = 0
    private var members = MissedMessages.Members(capacity: 1000)
    private var backoff = Backoff(first: .seconds(1), limit: .seconds(30))

    init(recentChannels: @escaping RecentChannels, memory: GatewayMemory, time: any TimeSource, logger: Logger) {
        self.recentChannels = recentChannels
        self.memory = memory
        self.time = time
        self.logger = logger
    }

    /// Begins, if anything may have been missed: before the new session, or in an earlier run that did not get to the end.
    ///
    /// - Parameters:
    ///   - seen: the newest message seen before the new session; nil for a resumed one, which misses nothing itself, and where none is
    ///     known.
    ///   - servers: those that the new session will tell of.
    mutating func begin(seen: Int64?, servers: [String] = [], me: String) async {
        if plan != nil, seen == nil, servers.isEmpty { return }
        if let seen { await memory.storeMissed(after: seen) }
        // What is stored is the oldest mark; how far this run has come since is known from its plan alone.
        guard let oldest = await memory.missed() else { return }
        plan = CatchUpPlan(
            seen: plan == nil ? oldest : seen ?? oldest, channels: await recentChannels(me, Self.maxChannels),
            servers: servers, unfinished: plan, at: time.now)
        awaitsUntil = time.uptime + Self.patience
        number += 1
        refusals = 0
        members = MissedMessages.Members(capacity: 1000)
    }

    /// Takes in where in a server of the new session something was written.
    mutating func told(_ server: DiscordServer, me: String) { plan?.add(server, me: me, upTo: Self.maxChannels) }

    /// When there is something to do; nil when there is nothing, and while a channel is being looked through.
    var nextMoment: Duration? {
        guard current == nil, let plan else { return nil }
        return plan.next?.at ?? awaitsUntil
    }

    /// Whether a channel is still to be looked through.
    func isPending(_ channel: String) -> Bool { plan?.moment(of: channel) != nil }

    /// The channel whose turn it is now, from here on being looked through; nil for none. It goes on with `finished`.
    ///
    /// - Parameter known: the messages that were taken already.
    mutating func request(me: String, known: RecentMessages) -> CatchUpRequest? {
        guard current == nil, let plan, let next = plan.next, next.at <= time.uptime else { return nil }
        current = next.channel
        changes = RecentMap(capacity: Self.maxChanges)
        return CatchUpRequest(
            plan: number, me: me, channel: next.channel, after: plan.after(in: next.channel), members: members,
            known: known)
    }

    /// Returns what has to be stored before a message that has been written now; nil when it is kept back until its channel was looked
    /// through: then it comes with what was missed there.
    mutating func before(_ message: DiscordMessage) -> [DiscordMessage]? {
        guard isPending(message.channel) else { return [] }
        plan?.hurry(message.channel)
        return plan?.hold(message)
    }

    /// Returns what is kept back in a channel, to be stored before something that must not wait.
    mutating func release(_ channel: String) -> [DiscordMessage] { plan?.release(channel) ?? [] }

    /// Notes that a message was edited, or deleted if there is none: it may be kept back, or be among those that are being fetched.
    mutating func changed(_ id: String, in channel: String, to message: DiscordMessage?) {
        plan?.change(id, in: channel, to: message)
        if channel == current { changes.set(message, for: id) }
    }

    /// Ends if nothing is left to look for. All that was returned until now is stored.
    mutating func endIfDone() async {
        guard plan != nil else { return }
        if time.uptime >= awaitsUntil { plan?.stopAwaiting() }
        guard plan?.isDone == true else { return }
        plan = nil
        members = MissedMessages.Members(capacity: 1000)
        await memory.missesNothing()
    }

    /// Takes what came of looking a channel through; returns what is to be stored now, with what was kept back.
    ///
    /// - Parameter isKnown: whether a message was taken already.
    mutating func finished(_ outcome: CatchUpOutcome, isKnown: (String) -> Bool) -> [DiscordMessage] {
        current = nil
        // Where the session was lost once more meanwhile, more may be missing than was looked for.
        guard outcome.request.plan == number, var plan else { return [] }
        defer { self.plan = plan }
        members = outcome.members
        if let parent = outcome.parent { plan.add(parent) }
        let channel = outcome.request.channel
        switch outcome.result {
        case .success(let fetched):
            backoff.reset()
            let found = fetched.compactMap { changes[$0.id] ?? $0 }.filter { !isKnown($0.id) }
            if !found.isEmpty {
                logger.info("messages that were missed", metadata: ["count": "\(found.count)"])
            }
            let ids = Set(fetched.map(\.id))
            let held = plan.finish(channel).filter { !ids.contains($0.id) }
            return (found + held).sorted { $0.number < $1.number }
        case .failure(let error):
            switch error {
            case .refused, .unauthorized:
                // The bot may not read there, or not any more.
                refusals += 1
                return refusals < Self.maxRefusals ? plan.finish(channel) : plan.finishAll()
            case .rateLimited(let span, let everywhere):
                return postpone(channel, by: span, &plan, withOthers: everywhere)
            case .unreadable: return postpone(channel, by: backoff.next(), &plan, withOthers: false)
            case .notSent, .outcomeUnknown, .cancelled:
                // Nobody answers: the next channel's requests would wait for as long once more.
                return postpone(channel, by: backoff.next(), &plan, withOthers: true)
            }
        }
    }

    private func postpone(
        _ channel: String, by span: Duration, _ plan: inout CatchUpPlan, withOthers: Bool
    ) -> [DiscordMessage] {
        let moment = time.uptime + span
        if withOthers { plan.postponeAll(until: moment) }
        if plan.postpone(channel, until: moment) { return [] }
        logger.warning("messages that were missed in a channel cannot be fetched")
        return plan.finish(channel)
    }
}
