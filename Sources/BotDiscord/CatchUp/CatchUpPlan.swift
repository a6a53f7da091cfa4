import BotCore

/// Which channels are still to be looked through for missed messages, and when, as a pure value.
///
/// A channel in which somebody writes now is due at once: its older messages come first. The others follow, those with the latest
/// activity first.
struct CatchUpPlan: Sendable {
    /// After so many failures a channel is given up.
    static let attempts = 8
    /// Nothing older is looked for.
    static let reach = Duration.seconds(24 * 3600)
    /// Events of different channels may overtake each other by less than this; what is found twice is known by its id.
    static let overlap = Duration.seconds(60)

    private struct Entry {
        let channel: String
        var failures = 0
        var notBefore = Duration.zero
    }

    /// Messages with a greater id are looked for.
    let after: Int64
    private var entries: [Entry]
    private var known: Set<String>

    /// - Parameters:
    ///   - seen: the newest message that was surely seen.
    ///   - channels: those with the latest activity first.
    init(seen: Int64, channels: [String], at now: Timestamp) {
        let earliest = Snowflake.first(at: now - Self.reach)
        after = max(earliest, Snowflake.first(at: Snowflake.moment(of: seen) - Self.overlap))
        entries = channels.map { Entry(channel: $0) }
        known = Set(channels)
    }

    var isDone: Bool { entries.isEmpty }

    /// Whether a channel has still to be looked through.
    func awaits(_ channel: String) -> Bool { entries.contains { $0.channel == channel } }

    /// The channel that is next, and when.
    var next: (channel: String, at: Duration)? {
        entries.min { $0.notBefore < $1.notBefore }.map { ($0.channel, $0.notBefore) }
    }

    /// Adds a channel that was not on the list.
    mutating func add(_ channel: String) {
        if known.insert(channel).inserted { entries.append(Entry(channel: channel)) }
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
