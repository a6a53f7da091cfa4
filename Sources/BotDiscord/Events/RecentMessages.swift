import BotCore

/// The ids of the newest messages that the bot has taken, at most 2,000: of all that is deleted in a server, these alone matter.
struct RecentMessages {
    private var ids = RecentMap<String, Bool>(capacity: 2000)

    mutating func note(_ id: String) { ids.set(true, for: id) }

    func contains(_ id: String) -> Bool { ids[id] != nil }
}
