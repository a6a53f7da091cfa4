import BotCore

/// Where a context's first message stands in the log. The place moves in steps and not with every message, because
/// providers' prompt caches only hit while the beginning of the prompt stays the same.
enum ContextWindow {
    /// The number after which the window begins, by the count of messages alone.
    ///
    /// It moves by half of `maxMessages` each time that more than `maxMessages` would be shown; so after the first move between half
    /// of them and all are. The result depends only on the log, not on what was shown before.
    static func start(of session: Session, maxMessages: Int) -> Int64 {
        let shown = session.headSeq - session.floorSeq
        let most = Int64(max(1, maxMessages))
        guard shown > most else { return session.floorSeq }
        let step = max(1, most / 2)
        let steps = (shown - most + step - 1) / step
        return session.floorSeq + step * steps
    }

    /// Of the places where the window could begin, each with its distance from the floor and the tokens shown from it on,
    /// the one to take: the roundest that keeps at least three fifths of what the first place would keep.
    ///
    /// A place is rounder the higher the bit is in which its distance differs from that of the place before it. A round place stays the
    /// roundest until the limit passes it, so the window again moves in steps.
    static func roundest(of places: [(distance: Int64, before: Int64?, tokens: Int)]) -> Int? {
        guard let first = places.first else { return nil }
        var best = 0
        var bestLevel = -1
        for (index, place) in places.enumerated() where place.tokens * 5 >= first.tokens * 3 {
            let changed = place.before.map { place.distance ^ $0 } ?? place.distance
            let level = Int64.bitWidth - changed.leadingZeroBitCount
            if level > bestLevel { (best, bestLevel) = (index, level) }
        }
        return best
    }
}
