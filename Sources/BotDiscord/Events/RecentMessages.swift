import DequeModule

/// The ids of the newest messages that the bot has taken, at most 2,000: of all that is deleted in a server, these alone matter.
struct RecentMessages {
    private static let capacity = 2000
    private var ids: Set<String> = []
    private var order = Deque<String>()

    mutating func note(_ id: String) {
        guard ids.insert(id).inserted else { return }
        order.append(id)
        if order.count > Self.capacity, let oldest = order.popFirst() { ids.remove(oldest) }
    }

    func contains(_ id: String) -> Bool { ids.contains(id) }
}
