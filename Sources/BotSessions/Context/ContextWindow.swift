import BotCore

/// Where a context's first message stands in the log. The place moves in steps and not with every message, because
/// providers' prompt caches only hit while the beginning of the prompt stays the same.
///
/// All of it depends on the log alone and not on what was shown before: places are counted from the first message that the
/// summary does not cover, and messages that were taken back are not counted.
enum ContextWindow {
    /// The place of the first message, by the count of messages alone.
    ///
    /// It moves by half of `maxMessages` each time that more than `maxMessages` would be shown; so after the first move between
    /// half of them and all are.
    static func start(count: Int, maxMessages: Int) -> Int {
        let most = max(1, maxMessages)
        guard count > most else { return 0 }
        let step = max(1, most / 2)
        return step * ((count - most + step - 1) / step)
    }

    /// A turn with which the context could begin.
    struct Place {
        /// How many tokens lie before it in the log.
        let position: Int
        /// The tokens that are shown when the context begins with it.
        let shown: Int
    }

    /// Which of the turns that fit to begin with, oldest first, when an older one does not fit.
    ///
    /// It is the first one behind a multiple of `step`: it stays until it no longer fits, so that the window moves by about
    /// `step` tokens. Where that would leave too little, because a single message crosses several multiples, smaller steps count.
    static func first(of places: [Place], after blocked: Int, step: Int) -> Int {
        guard let all = places.first?.shown else { return 0 }
        var step = step
        while step >= 16 {
            var last = blocked
            for (index, place) in places.enumerated() {
                if place.shown * 4 < all { break }
                if place.position / step != last / step { return index }
                last = place.position
            }
            step /= 2
        }
        return 0
    }
}
