import BotCore

extension DeliveryPlanner {
    /// A page of ready rows that the planner wants from the store.
    struct LoadRequest: Sendable, Equatable {
        let platform: Platform
        let after: OutboxID?
        let limit: Int
    }

    /// What is to be done now, and when to ask again at the latest.
    struct Dispatch: Sendable {
        var operations: [DeliveryOperation] = []
        var loads: [LoadRequest] = []
        var notes: [DeliveryNote] = []
        /// The next moment at which something falls due, as uptime.
        var due: Duration?
    }
}
