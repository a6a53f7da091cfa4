import BotCore

/// Remembers which rows ended last and with what text: a copy that was read from the store before, and arrives after, must not
/// be sent again.
struct RecentRows: Sendable {
    private var texts: RecentMap<OutboxID, Int?>

    init(limit: Int = 4096) { texts = RecentMap(capacity: limit) }

    /// Whether the row is an old copy of one that has ended. It is none when a reset has given a message that stands a new
    /// text meanwhile: that is still to be shown.
    func isOld(_ row: OutboxRow) -> Bool {
        guard let text = texts[row.id] else { return false }
        return row.messageID == nil || text == nil || text == row.payload?.text.hashValue
    }

    /// Notes that a row has ended; the text is what stands now, nil when nothing of it can be shown any more.
    mutating func insert(_ id: OutboxID, text: String?) {
        texts.set(text?.hashValue, for: id)
    }
}
