import BotCore

/// Spends identifies with care: Discord allows 1,000 in 24 hours and resets the bot's token when there are more (Gateway,
/// "Session Start Limit"). It is kept over restarts, so that a crash loop cannot spend them either.
struct IdentifyBudget: Codable, Sendable, Hashable {
    /// At least so long between two identifies: five seconds and something for the way.
    static let spacing = Duration.milliseconds(5250)
    /// From 80 % on, so long between two.
    static let slowSpacing = Duration.seconds(120)
    private static let day = Duration.seconds(24 * 3600)
    private static let hour: Int64 = 3_600_000

    /// Identifies by hour since 1970, of the last day.
    private var hours: [Int64: Int] = [:]
    private var last: Timestamp?
    private var total = 1000
    /// What Discord last said: so many left, until then, and how many were used since it said so.
    private var told: Told?

    private struct Told: Codable, Hashable {
        let remaining: Int
        let resetsAt: Timestamp
        var usedSince = 0
    }

    /// Whether an identify may be sent, and when.
    enum Verdict: Sendable, Equatable {
        /// At this moment or later.
        case allowed(at: Timestamp)
        /// Not before this moment: nearly all of the day's identifies are used.
        case exhausted(until: Timestamp)
    }

    /// Takes over the `session_start_limit` of `GET /gateway/bot`.
    mutating func learn(total: Int, remaining: Int, resetAfter: Duration, at now: Timestamp) {
        self.total = max(1, total)
        told = Told(remaining: remaining, resetsAt: now + resetAfter)
    }

    /// When the next identify may be sent.
    func verdict(at now: Timestamp) -> Verdict {
        let remaining = remaining(at: now)
        if remaining <= total / 50 {
            return .exhausted(until: nextFree(after: now))
        }
        // A clock that was set back must not stop the bot for long.
        guard let last, last <= now else { return .allowed(at: now) }
        let spacing = remaining <= total / 5 ? Self.slowSpacing : Self.spacing
        return .allowed(at: max(now, last + spacing))
    }

    /// Counts an identify that is sent now.
    mutating func spend(at now: Timestamp) {
        hours = hours.filter { $0.key > (now - Self.day).rawValue / Self.hour - 1 }
        hours[now.rawValue / Self.hour, default: 0] += 1
        told?.usedSince += 1
        last = now
    }

    /// How many are left, by what Discord said and by our own count, whichever is less.
    func remaining(at now: Timestamp) -> Int {
        let counted = total - hours.filter { $0.key >= (now - Self.day).rawValue / Self.hour }.values.reduce(0, +)
        guard let told, told.resetsAt > now else { return counted }
        return min(counted, told.remaining - told.usedSince)
    }

    private func nextFree(after now: Timestamp) -> Timestamp {
        if let told, told.resetsAt > now, told.remaining - told.usedSince <= total / 50 { return told.resetsAt }
        let oldest = hours.keys.filter { $0 >= (now - Self.day).rawValue / Self.hour }.min() ?? now.rawValue / Self.hour
        return max(now + .seconds(60), Timestamp(rawValue: (oldest + 1) * Self.hour) + Self.day)
    }
}
