import BotCore

/// The buckets of all people or of all chats: at most so many. Pure: times are given.
///
/// When it is full, those that are as good as new are dropped, and where there are none, the fullest one: whoever that is gains at most
/// what they have used of their burst.
struct RateBuckets<Key: Hashable & Sendable>: Sendable {
    let limit: RateLimit
    private let capacity: Int
    private(set) var buckets: [Key: RateBucket] = [:]

    init(_ limit: RateLimit, capacity: Int) {
        precondition(capacity > 0, "at least one bucket must have a place")
        self.limit = limit
        self.capacity = capacity
    }

    /// See `RateBucket.wait`; nil also where nothing is limited.
    mutating func wait(for key: Key, at now: Timestamp) -> Duration? {
        limit.isOn ? buckets[key]?.wait(at: now, limit) : nil
    }

    mutating func take(_ key: Key, sentAt: Timestamp, at now: Timestamp) {
        guard limit.isOn else { return }
        if buckets[key] == nil { makeRoom(at: now) }
        buckets[key, default: RateBucket()].take(sentAt: sentAt, limit)
    }

    mutating func giveBack(_ key: Key) { buckets[key]?.giveBack(limit) }

    mutating func tell(_ key: Key, in chat: ConversationKey) -> Bool { buckets[key]?.tell(in: chat) ?? false }

    private mutating func makeRoom(at now: Timestamp) {
        guard buckets.count >= capacity else { return }
        buckets = buckets.filter { !$0.value.isIdle(at: now) }
        guard buckets.count >= capacity,
            let fullest = buckets.min(by: { $0.value.missing(at: now) < $1.value.missing(at: now) })
        else { return }
        buckets[fullest.key] = nil
    }
}
