import BotCore

/// Which channels are still to be looked through for missed messages, and when, as a pure value.
///
/// A channel in which somebody writes now comes next: its older messages come first. The others follow, those with the latest activity
/// first.
struct CatchUpPlan: Sendable {
    /// After so many failures a channel is given up: more than half an hour, since an outage must cost no message.
    static let attempts = 100
    /// Nothing older is looked for.
    static let reach = Duration.seconds(24 * 3600)
    /// Events of different channels may overtake each other by less than this; what is found twice is known by its id.
    static let overlap = Duration.seconds(60)

    private struct Entry {
        let channel: String
        /// Messages with a greater id are looked for.
        let after: Int64
        /// What has been written there since, and has to come after what is looked for.
        var held: [DiscordMessage] = []
        var failures = 0
        /// Whether somebody writes there meanwhile.
        var isHurried = false
        var notBefore = Duration.zero
    }

    private var entries: [Entry]
    private var known: Set<String>
    /// The servers that have not told yet where something was written.
    private var awaited: Set<String>
    /// From where channels are looked through that come on the list later.
    private let after: Int64

    /// - Parameters:
    ///   - seen: the newest message that was surely seen.
    ///   - channels: those with the latest activity first.
    ///   - servers: those that will tell where something was written.
    ///   - unfinished: the plan that another loss has cut short. What it had not come to is looked through from where it would have been;
    ///     of all else nothing is missing before `seen`. To begin again with everything would never end where losses come quickly.
    init(
        seen: Int64, channels: [String], servers: [String] = [], unfinished: CatchUpPlan? = nil, at now: Timestamp
    ) {
        let earliest = Snowflake.first(at: now - Self.reach)
        let after = max(earliest, Snowflake.first(at: Snowflake.moment(of: seen) - Self.overlap))
        let earlier = Dictionary(uniqueKeysWithValues: (unfinished?.entries ?? []).map { ($0.channel, $0) })
        let listed = Set(channels)
        let others = (unfinished?.entries ?? []).map(\.channel).filter { !listed.contains($0) }
        entries = (channels + others).map { channel in
            guard let entry = earlier[channel] else { return Entry(channel: channel, after: after) }
            return Entry(channel: channel, after: min(after, max(earliest, entry.after)), held: entry.held)
        }
        known = listed.union(others)
        awaited = Set(servers)
        // What a server had not told yet goes back as far as it would have.
        let untold = unfinished.flatMap { $0.awaited.isEmpty ? nil : max(earliest, $0.after) }
        self.after = min(after, untold ?? after)
    }

    var isDone: Bool { entries.isEmpty && awaited.isEmpty }

    /// When a channel may be looked through; nil when it need not be.
    func moment(of channel: String) -> Duration? { entries.first { $0.channel == channel }?.notBefore }

    /// The id after which messages of a channel are looked for.
    func after(in channel: String) -> Int64 { entries.first { $0.channel == channel }?.after ?? after }

    /// The channel that is next, and when.
    var next: (channel: String, at: Duration)? {
        entries.min { $0.notBefore < $1.notBefore }.map { ($0.channel, $0.notBefore) }
    }

    /// Adds the channels of a server in which something was written, if it was waited for.
    ///
    /// - Parameter limit: so many channels at most are on the list then; those with the newest messages come first.
    mutating func add(_ server: DiscordServer, me: String, upTo limit: Int) {
        guard !server.isUnavailable, awaited.remove(server.id) != nil else { return }
        for place in server.places(withNewsAfter: after, for: me) where entries.count < limit { add(place) }
    }

    /// Waits for no server any more.
    mutating func stopAwaiting() { awaited = [] }

    /// Adds a channel that was not on the list.
    mutating func add(_ channel: String) {
        if known.insert(channel).inserted { entries.append(Entry(channel: channel, after: after)) }
    }

    /// Lets a channel come before those in which nobody writes, unless it has failed: what is written there waits for it.
    mutating func hurry(_ channel: String) {
        guard let index = entries.firstIndex(where: { $0.channel == channel }), !entries[index].isHurried,
            entries[index].failures == 0
        else { return }
        var entry = entries.remove(at: index)
        entry.isHurried = true
        entries.insert(entry, at: entries.firstIndex { !$0.isHurried } ?? entries.endIndex)
    }

    /// Keeps a message back until its channel is finished, and returns nil; or returns what was kept back there, when it would be too much:
    /// to be lost is worse than to be taken before what was missed.
    mutating func hold(_ message: DiscordMessage) -> [DiscordMessage]? {
        guard let index = entries.firstIndex(where: { $0.channel == message.channel }) else { return [] }
        guard entries[index].held.count >= MissedMessages.limit else {
            entries[index].held.append(message)
            return nil
        }
        return release(message.channel)
    }

    /// Returns what is kept back in a channel, which goes before what was missed there.
    mutating func release(_ channel: String) -> [DiscordMessage] {
        guard let index = entries.firstIndex(where: { $0.channel == channel }) else { return [] }
        defer { entries[index].held = [] }
        return entries[index].held
    }

    /// Changes what is kept back as it was changed where it was written: nil when it was deleted.
    mutating func change(_ id: String, in channel: String, to message: DiscordMessage?) {
        guard let index = entries.firstIndex(where: { $0.channel == channel }) else { return }
        entries[index].held = entries[index].held.compactMap { $0.id == id ? message : $0 }
    }

    /// Takes a channel off the list: it was looked through, or cannot be. Returns what was held back there.
    mutating func finish(_ channel: String) -> [DiscordMessage] {
        guard let index = entries.firstIndex(where: { $0.channel == channel }) else { return [] }
        return entries.remove(at: index).held
    }

    /// Gives up all; returns what was held back.
    mutating func finishAll() -> [DiscordMessage] {
        defer {
            entries = []
            awaited = []
        }
        return entries.flatMap(\.held)
    }

    /// Puts a channel behind the others after a failure that may pass; returns false when there were too many of them.
    mutating func postpone(_ channel: String, until moment: Duration) -> Bool {
        guard let index = entries.firstIndex(where: { $0.channel == channel }) else { return true }
        guard entries[index].failures + 1 < Self.attempts else { return false }
        var entry = entries.remove(at: index)
        entry.failures += 1
        entry.isHurried = false
        entry.notBefore = moment
        entries.append(entry)
        return true
    }

    /// Lets all channels wait, after a failure that is none of theirs. It counts for none of them.
    mutating func postponeAll(until moment: Duration) {
        for index in entries.indices { entries[index].notBefore = max(entries[index].notBefore, moment) }
    }
}
