import BotCore

/// Remembers how jobs and calls went, of a bounded number of sessions.
final class CompactionLedger: Sendable {
    private struct State {
        var sessions: LRUCache<SessionID, SessionHealth>
        var providers: [ProviderHealth]
        var metrics = CompactionMetrics()

        mutating func change<Result>(_ id: SessionID, _ body: (inout SessionHealth) -> Result) -> Result {
            var health = sessions.value(for: id) ?? SessionHealth()
            defer { sessions.insert(health, for: id) }
            return body(&health)
        }
    }

    private let state: Lock<State>

    init(providers: Int, maxSource: Int, maxSessions: Int) {
        state = Lock(
            State(
                sessions: LRUCache(capacity: maxSessions),
                providers: Array(repeating: ProviderHealth(maxSource: maxSource), count: providers)))
    }

    var metrics: CompactionMetrics { state.withLock { $0.metrics } }

    func count(_ change: (inout CompactionMetrics) -> Void) { state.withLock { change(&$0.metrics) } }

    // MARK: - Calls

    /// Whether a provider, by its place, may be asked for a session.
    func mayCall(_ provider: Int, for id: SessionID, at now: Duration) -> Bool {
        state.withLock { $0.providers[provider].mayCall(at: now) && $0.change(id) { $0.mayCall(at: now) } }
    }

    /// The most tokens of source that a provider can be given.
    func maxSource(of provider: Int) -> Int { state.withLock { $0.providers[provider].maxSource } }

    func answered(by provider: Int) { state.withLock { $0.providers[provider].answered() } }

    /// - Parameter error: nil when no answer came in time.
    func failed(_ error: ModelError?, of provider: Int, for id: SessionID, at now: Duration) {
        state.withLock { state in
            state.metrics.failedCalls += 1
            state.providers[provider].failed(error, for: id, at: now)
            state.change(id) { $0.failed(at: now) }
        }
    }

    func rejected(_ reason: SummaryRejection, for id: SessionID, at now: Duration) {
        state.withLock { state in
            state.metrics.rejections[reason, default: 0] += 1
            state.change(id) { $0.failed(at: now) }
        }
    }

    // MARK: - Sessions

    func isResting(_ session: Session) -> Bool {
        state.withLock { session.headSeq < $0.sessions.peek(session.id)?.restsUntil ?? 0 }
    }

    func rest(_ id: SessionID, until seq: Int64) { state.withLock { $0.change(id) { $0.rest(until: seq) } } }

    func stored(_ checkpoint: Checkpoint) {
        state.withLock { state in
            state.metrics.summaries += 1
            if checkpoint.author == .digest { state.metrics.digests += 1 }
            state.change(checkpoint.session) { $0.succeeded() }
        }
    }

    /// A summary was thrown away; whether it is worth trying again at once.
    func wasOutdated(_ id: SessionID) -> Bool {
        state.withLock { state in
            state.metrics.outdated += 1
            return state.change(id) { $0.wasOutdated() }
        }
    }
}
