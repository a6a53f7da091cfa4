import BotCore

/// Knows of the newest interactions whether they were acknowledged, so that none is acknowledged twice and no answer overtakes
/// the acknowledgement. It holds at most 500; what is older counts as unknown.
final class InteractionLedger: Sendable {
    enum Outcome: Sendable, Hashable {
        case pending
        case acknowledged
        /// Discord takes no answer to it: it was too late.
        case failed
    }

    private let outcomes = Lock(RecentMap<String, Outcome>(capacity: 500))
    private let changed = Signal()

    /// Enters an interaction as pending; false when it is known already.
    func begin(_ id: String) -> Bool {
        outcomes.withLock { outcomes in
            guard outcomes[id] == nil else { return false }
            outcomes.set(.pending, for: id)
            return true
        }
    }

    /// Notes what became of an interaction's acknowledgement.
    func settle(_ id: String, _ outcome: Outcome) {
        outcomes.withLock { outcomes in
            if outcomes[id] != nil { outcomes.set(outcome, for: id) }
        }
        changed.notify()
    }

    /// What became of it, waiting while it is pending until the given uptime; nil when it is not known.
    func outcome(of id: String, until deadline: Duration, _ time: any TimeSource) async -> Outcome? {
        while self[id] == .pending, time.uptime < deadline, !Task.isCancelled {
            await changed.wait(unless: { self[id] != .pending }, until: deadline, time)
        }
        return self[id]
    }

    private subscript(id: String) -> Outcome? { outcomes.withLock { $0[id] } }
}
