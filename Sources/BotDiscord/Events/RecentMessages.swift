import BotCore

/// Tells which messages of the platform are taken and not answered yet, by their ids, the oldest first: of more than the limit the newest.
package typealias WaitingMessages = @Sendable (_ limit: Int) async -> [String]

/// The ids of the newest messages that the bot has taken, at most 2,000: of all that is deleted in a server, these alone matter.
struct RecentMessages {
    static let capacity = 2000

    private var ids = RecentMap<String, Bool>(capacity: capacity)

    /// - Parameter waiting: those that an earlier run has taken and not answered.
    init(waiting: [String] = []) {
        for id in waiting { note(id) }
    }

    mutating func note(_ id: String) { ids.set(true, for: id) }

    func contains(_ id: String) -> Bool { ids[id] != nil }
}
