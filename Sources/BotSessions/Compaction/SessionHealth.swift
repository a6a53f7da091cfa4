import BotCore

/// How the summaries of one session went. Pure: times are given.
struct SessionHealth: Sendable {
    /// So many failed calls within the period, and no more are made until it is over.
    static let maxFailures = 3
    static let period = Duration.seconds(300)

    private var failures: [Duration] = []
    /// Until the newest message has this number, nothing is to be gained.
    private(set) var restsUntil: Int64 = 0
    /// How many summaries in a row were thrown away because the session had changed.
    private var outdated = 0

    /// Whether a model may be asked.
    mutating func mayCall(at now: Duration) -> Bool {
        failures.removeAll { now - $0 >= Self.period }
        return failures.count < Self.maxFailures
    }

    mutating func failed(at now: Duration) { failures.append(now) }

    mutating func rest(until seq: Int64) { restsUntil = seq }

    mutating func succeeded() { outdated = 0 }

    /// Notes that a summary was thrown away; whether it is worth trying again at once.
    mutating func wasOutdated() -> Bool {
        outdated += 1
        return outdated == 1
    }
}

/// How the calls of one provider went, over all sessions. Pure: times are given.
struct ProviderHealth: Sendable {
    /// A provider that fails for so many sessions in a row fails for all.
    private static let maxSessions = 3
    private static let longest = Duration.seconds(300)

    private var failing: [SessionID] = []
    private var restsUntil = Duration.zero
    private var backoff = Backoff(first: .seconds(30), limit: Self.longest)
    /// The most tokens of messages that its window holds, as far as is known.
    private(set) var maxSource: Int

    init(maxSource: Int) { self.maxSource = maxSource }

    func mayCall(at now: Duration) -> Bool { now >= restsUntil }

    mutating func answered() {
        failing = []
        backoff.reset()
    }

    /// - Parameter error: nil when no answer came in time.
    mutating func failed(_ error: ModelError?, for session: SessionID, at now: Duration) {
        switch error {
        case .cancelled, .overBudget: return
        case .contextTooLong:
            maxSource = max(500, maxSource / 2)
            return
        case .unauthorized, .quotaExceeded, .unknownModel:
            // Waiting mends none of these soon.
            restsUntil = now + Self.longest
        case .rateLimited(let after?, _), .unavailable(let after?, _):
            restsUntil = max(restsUntil, now + min(after, Self.longest))
        case .rateLimited, .unavailable, .badRequest, .network, .timedOut, .emptyAnswer, .onlyReasoning, nil: break
        }
        if !failing.contains(session) { failing = failing.suffix(Self.maxSessions - 1) + [session] }
        if failing.count >= Self.maxSessions { restsUntil = max(restsUntil, now + backoff.next()) }
    }
}
