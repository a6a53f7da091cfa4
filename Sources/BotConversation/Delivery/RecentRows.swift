import BotCore
import DequeModule

/// Remembers which rows ended last: a copy that was read from the store before, and arrives after, must not be sent again.
struct RecentRows: Sendable {
    private let limit: Int
    private var ids: Set<OutboxID> = []
    private var order: Deque<OutboxID> = []

    init(limit: Int = 4096) { self.limit = limit }

    func contains(_ id: OutboxID) -> Bool { ids.contains(id) }

    mutating func insert(_ id: OutboxID) {
        guard ids.insert(id).inserted else { return }
        order.append(id)
        if order.count > limit, let oldest = order.popFirst() { ids.remove(oldest) }
    }
}
