import BotCore

/// Which channels are still to be looked through for missed messages, and when, as a pure value.
///
/// A channel in which somebody writes now is due at once: its older messages come first. The others follow, those with the latest
/// activity first.
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
        var failures = 0
        var notBefore = Duration.zero
    }

    private var entries: [Entry]
    private var known: Set<String>
    /// From where channels are looked through that come on the list later.
    private let after: Int64

    /// - Parameters:
    ///   - seen: the newest message that was surely seen.
    ///   - channels: those with the latest activity first.
    ///   - unfinished: the plan that another loss has cut short. What it had not come to is looked through from where it would have been;
    ///     of all else nothing is missing before `seen`. To begin again with everything would never end where losses come quickly.
    init(seen: Int64, channels: [String], unfinished: CatchUpPlan? = nil, at now: Timestamp) {
        let earliest = Snowflake.first(at: now - Self.reach)
        let after = max(earliest, Snowflake.first(at: Snowflake.moment(of: seen) - Self.overlap))
        var earlier: [String: Int64] = [:]
        for entry in unfinished?.entries ?? [] { earlier[entry.channel] = max(earliest, entry.after) }
        let listed = Set(channels)
        let others = (unfinished?.entries ?? []).map(\.channel).filter { !listed.contains($0) }
        entries = (channels + others).map { Entry(channel: $0, after: min(after, earlier[$0] ?? after)) }
        known = listed.union(others)
        self.after = after
    }

    var isDone: Bool { entries.isEmpty }

    /// When a channel may be looked through; nil when it need not be.
    func moment(of channel: String) -> Duration? { entries.first { $0.channel == channel }?.notBefore }

    /// The id after which messages of a channel are looked for.
    func after(in channel: String) -> Int64 { entries.first { $0.channel == channel }?.after ?? after }

    /// The channel that is next, and when.
    var next: (channel: String, at: Duration)? {
        entries.min { $0.notBefore < $1.notBefore }.map { ($0.channel, $0.notBefore) }
    }

    /// Adds a channel that was not on the list.
    mutating func add(_ channel: String) {
        if known.insert(channel).inserted { entries.append(Entry(channel: channel, after: after)) }
    }

    /// Takes a channel off the list: it was looked through, or cannot be.
    mutating func finish(_ channel: String) { entries.removeAll { $0.channel == channel } }

    mutating func finishAll() { entries = [] }

    /// Puts a channel behind the others after a failure that may pass; returns false when it is given up.
    mutating func postpone(_ channel: String, until moment: Duration) -> Bool {
        guard let index = entries.firstIndex(where: { $0.channel == channel }) else { return true }
        var entry = entries.remove(at: index)
        entry.failures += 1
        entry.notBefore = moment
        guard entry.failures < Self.attempts else { return false }
        entries.append(entry)
        return true
    }
}
