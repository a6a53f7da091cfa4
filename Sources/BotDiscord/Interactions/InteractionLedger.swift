import BotCore
import DequeModule

/// Knows of the newest interactions whether they were acknowledged, so that none is acknowledged twice and no answer overtakes
/// the acknowledgement. It holds at most 500; what is older counts as unknown.
final class InteractionLedger: Sendable {
    enum Outcome: Sendable, Hashable {
        case pending
        case acknowledged
        /// Discord takes no answer to it: it was too late.
        case failed
    }

    private struct State {
        var outcomes: [String: Outcome] = [:]
        var order = Deque<String>()
    }

    private static let capacity = 500
    private let state = Lock(State())
    private let changed = Signal()

    /// Enters an interaction as pending; false when it is known already.
    func begin(_ id: String) -> Bool {
        state.withLock { state in
            guard state.outcomes[id] == nil else { return false }
            state.outcomes[id] = .pending
            state.order.append(id)
            if state.order.count > Self.capacity, let oldest = state.order.popFirst() { state.outcomes[oldest] = nil }
            return true
        }
    }

    /// Notes what became of an interaction's acknowledgement.
    func settle(_ id: String, _ outcome: Outcome) {
        state.withLock { state in
            if state.outcomes[id] != nil { state.outcomes[id] = outcome }
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

    private subscript(id: String) -> Outcome? { state.withLock { $0.outcomes[id] } }
}
