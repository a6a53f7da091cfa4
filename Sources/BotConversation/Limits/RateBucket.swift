import BotCore

/// A token bucket of one person or chat, kept as the moment at which it is full again. Pure: times are given.
///
/// What is asked waits in its lane, so two moments count: a question takes its place as of when it was sent, and it is judged when it is
/// handled. Somebody who has written now and then while the bot was away is not taken for one who floods it.
struct RateBucket: Equatable {
    private var fullAt: Timestamp?
    /// Until then nothing passes, because it was found empty.
    private var pausedUntil: Timestamp?
    /// Where the person has been told of this pause.
    private var toldIn: Set<ConversationKey> = []
    /// In so many chats at most.
    private static let mostTold = 8

    /// Whether it is as good as a new one.
    func isIdle(at now: Timestamp) -> Bool {
        (fullAt ?? now) <= now && (pausedUntil ?? now) <= now
    }

    /// How much is missing until it is full.
    func missing(at now: Timestamp) -> Duration { max(.zero, (fullAt ?? now).since(now)) }

    /// How long nothing passes from now on; nil when one may pass. A first refusal begins a pause.
    mutating func wait(at now: Timestamp, _ limit: RateLimit) -> Duration? {
        heed(now, limit)
        if let end = pausedUntil, end > now { return end.since(now) }
        pausedUntil = nil
        guard let fullAt, fullAt.since(now) > limit.interval * (limit.burst - 1) else { return nil }
        let end = fullAt - limit.interval * (limit.burst - limit.resumption)
        (pausedUntil, toldIn) = (end, [])
        return end.since(now)
    }

    /// Takes a place for what was sent at a moment.
    mutating func take(sentAt: Timestamp, _ limit: RateLimit) {
        fullAt = max(fullAt ?? sentAt, sentAt) + limit.interval
    }

    /// Gives a place back that was not needed.
    mutating func giveBack(_ limit: RateLimit) { fullAt = fullAt.map { $0 - limit.interval } }

    /// Whether the pause is yet to be told in a chat; if so, it counts as told.
    mutating func tell(in chat: ConversationKey) -> Bool {
        toldIn.count < Self.mostTold && toldIn.insert(chat).inserted
    }

    /// A clock that was set back must not shut anybody out: nobody ever waits longer than for the whole bucket.
    private mutating func heed(_ now: Timestamp, _ limit: RateLimit) {
        fullAt = fullAt.map { min($0, now + limit.interval * limit.burst) }
        pausedUntil = pausedUntil.map { min($0, now + limit.interval * limit.resumption) }
    }
}
