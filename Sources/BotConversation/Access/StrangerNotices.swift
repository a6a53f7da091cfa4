import BotCore

/// Remembers which strangers were told that the bot is private: one line a person, at most once a day.
///
/// It remembers so many of them; when that is full of fresh ones, further strangers hear nothing, so that a flood of
/// accounts cannot make the bot a sender of messages.
final class StrangerNotices: Sendable {
    private let limit: Int
    private let told = Lock<[String: Timestamp]>([:])
    private static let interval = Duration.seconds(86_400)

    init(limit: Int = 1000) { self.limit = limit }

    /// Whether the person is to be told now; if so, it counts as done.
    func take(_ person: String, at now: Timestamp) -> Bool {
        told.withLock { told in
            if let last = told[person], now.since(last) < Self.interval { return false }
            if told.count >= limit { told = told.filter { now.since($0.value) < Self.interval } }
            guard told.count < limit else { return false }
            told[person] = now
            return true
        }
    }
}
