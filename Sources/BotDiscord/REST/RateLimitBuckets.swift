import DequeModule

/// Keeps to Discord's rate limits as a pure machine (Rate Limits): one bucket for each `X-RateLimit-Bucket` and channel, learnt
/// from answers; a limit for everything; and a breaker for requests that Discord refuses, of which too many get an address
/// banned.
struct RateLimitBuckets: Sendable {
    /// Whether a request may go.
    enum Verdict: Sendable, Equatable {
        case go(Ticket)
        /// Not before this moment.
        case wait(until: Duration, everywhere: Bool)
        /// One request of an unknown bucket is under way, and its answer tells how many more may go.
        case busy
    }

    /// What a request that goes out is counted under.
    struct Ticket: Sendable, Hashable {
        fileprivate let route: String
        fileprivate let key: Key
        fileprivate let isInteraction: Bool
    }

    /// What an answer says about limits.
    struct Answer: Sendable, Equatable {
        var status: Int
        var bucket: String?
        var limit: Int?
        var remaining: Int?
        var resetAfter: Duration?
        /// `X-RateLimit-Scope` of a 429: user, global or shared.
        var scope: String?
        var isGlobal = false
        var retryAfter: Duration?
        /// A 429 that did not come from Discord's API but from the network in front of it.
        var isForeign = false
        /// A 429 about one message alone: it is no reason for any other request to wait.
        var isOfOneMessage = false
    }

    fileprivate struct Key: Sendable, Hashable {
        let bucket: String
        let major: String
    }

    private struct Bucket: Sendable {
        var limit: Int?
        var remaining: Int?
        var resetsAt: Duration?
        var inFlight = 0
        var lastUsed: Duration
    }

    /// Requests in a second that do not go to interactions; Discord allows 50.
    static let globalLimit = 45
    /// Refused requests in a minute after which nothing is sent; Discord bans at 10,000 in ten minutes.
    static let refusedLimit = 200
    private static let maxBuckets = 2000

    private var hashes: [String: String] = [:]
    private var buckets: [Key: Bucket] = [:]
    private var globalUntil: Duration = .zero
    /// Until when the network in front of Discord wants nothing at all.
    private var foreignUntil: Duration = .zero
    private var recent = Deque<Duration>()
    private var refused = Deque<Duration>()

    /// Asks for a request to go out; one that may go is counted.
    mutating func ask(_ route: RESTRoute, at now: Duration) -> Verdict {
        if let until = pauseOfEverything(at: now, isInteraction: route.isInteraction) {
            return .wait(until: until, everywhere: true)
        }
        let key = Key(bucket: hashes[route.name] ?? route.name, major: route.major)
        makeRoom(at: now)
        var bucket = buckets[key] ?? Bucket(lastUsed: now)
        if let resetsAt = bucket.resetsAt, resetsAt <= now {
            bucket.remaining = bucket.limit
            bucket.resetsAt = nil
        }
        if let resetsAt = bucket.resetsAt, let remaining = bucket.remaining, remaining <= 0 {
            return .wait(until: resetsAt, everywhere: false)
        }
        if let remaining = bucket.remaining {
            // Without a reset in sight the window is new; the requests under way open it.
            if remaining <= 0 { return .busy }
            bucket.remaining = remaining - 1
        } else if bucket.inFlight > 0 {
            return .busy
        }
        bucket.inFlight += 1
        bucket.lastUsed = now
        buckets[key] = bucket
        if !route.isInteraction { recent.append(now) }
        return .go(Ticket(route: route.name, key: key, isInteraction: route.isInteraction))
    }

    /// Takes in what an answer says.
    mutating func answered(_ ticket: Ticket, _ answer: Answer, at now: Duration) {
        let key = settle(ticket, hash: answer.bucket, at: now)
        count(answer, at: now)
        guard var bucket = buckets[key] else { return }
        if let limit = answer.limit { bucket.limit = limit }
        if let remaining = answer.remaining, let resetAfter = answer.resetAfter {
            bucket.remaining = max(0, remaining - bucket.inFlight)
            bucket.resetsAt = now + resetAfter
        } else if bucket.inFlight == 0, (bucket.remaining ?? 1) <= 0, bucket.resetsAt == nil {
            bucket.remaining = nil
        }
        if answer.status == 429, !answer.isOfOneMessage {
            let after = answer.retryAfter ?? .seconds(1)
            if answer.isForeign {
                foreignUntil = max(foreignUntil, now + after)
            } else if answer.isGlobal || answer.scope == "global" {
                globalUntil = max(globalUntil, now + after)
            } else if (answer.remaining ?? 0) == 0 || answer.scope == "shared" {
                bucket.remaining = 0
                bucket.resetsAt = max(bucket.resetsAt ?? .zero, now + after)
            }
            // Otherwise it is a limit of its own under the bucket's: only the caller's request waits.
        }
        buckets[key] = bucket
    }

    /// Notes that a request got no answer.
    mutating func failed(_ ticket: Ticket, at now: Duration) {
        let key = settle(ticket, hash: nil, at: now)
        guard var bucket = buckets[key], bucket.inFlight == 0, bucket.resetsAt == nil else { return }
        bucket.remaining = nil
        buckets[key] = bucket
    }

    // MARK: - Inside

    private mutating func pauseOfEverything(at now: Duration, isInteraction: Bool) -> Duration? {
        while let first = refused.first, first <= now - .seconds(60) { refused.removeFirst() }
        if refused.count >= Self.refusedLimit, let first = refused.first { return first + .seconds(60) }
        if foreignUntil > now { return foreignUntil }
        if isInteraction { return nil }
        if globalUntil > now { return globalUntil }
        while let first = recent.first, first <= now - .seconds(1) { recent.removeFirst() }
        guard recent.count >= Self.globalLimit, let first = recent.first else { return nil }
        return first + .seconds(1)
    }

    /// Ends a request's flight; the first answer of a route tells its bucket's real name.
    private mutating func settle(_ ticket: Ticket, hash: String?, at now: Duration) -> Key {
        if var bucket = buckets[ticket.key] {
            bucket.inFlight = max(0, bucket.inFlight - 1)
            buckets[ticket.key] = bucket
        }
        guard let hash, hash != ticket.key.bucket else { return ticket.key }
        hashes[ticket.route] = hash
        let key = Key(bucket: hash, major: ticket.key.major)
        if buckets[key] == nil { buckets[key] = Bucket(lastUsed: now) }
        if buckets[ticket.key]?.inFlight == 0 { buckets[ticket.key] = nil }
        return key
    }

    private mutating func count(_ answer: Answer, at now: Duration) {
        switch answer.status {
        case 401, 403: refused.append(now)
        case 429 where answer.scope != "shared": refused.append(now)
        default: break
        }
        if refused.count > Self.refusedLimit { refused.removeFirst() }
    }

    /// Forgets buckets that are at rest once there are many: each interaction has one of its own.
    private mutating func makeRoom(at now: Duration) {
        guard buckets.count >= Self.maxBuckets else { return }
        buckets = buckets.filter { $0.value.inFlight > 0 || $0.value.lastUsed > now - .seconds(60) }
    }
}
