import BotCore

/// How a model's window is divided between the answer and what the session gives to the prompt. Pure.
struct RequestBudget: Equatable {
    /// The longest answer, in tokens.
    let answer: Int
    /// The tokens that are left for the session; nil when the window is not known.
    private let room: Int?

    /// - Parameters:
    ///   - wanted: the longest answer by the settings.
    ///   - fixed: the tokens of the request that are neither the session's nor the answer's.
    init(_ wanted: Int, of traits: ModelTraits, beside fixed: Int) {
        let longest = min(wanted, traits.maxOutputTokens ?? wanted)
        guard let window = traits.contextWindow else {
            (answer, room) = (longest, nil)
            return
        }
        // A small window would otherwise be given to the answer alone.
        answer = max(1, min(longest, window / 2))
        room = max(0, window - answer - fixed)
    }

    /// The tokens that pictures and files may take: what the session's limit leaves, or half of the room where that is more; nil when
    /// the window is not known.
    func roomForMedia(beside limit: Int) -> Int? { room.map { max($0 / 2, $0 - limit) } }

    /// The share of the session's limit that fits into the window, from 0 to 1.
    func share(of limit: Int) -> Double {
        guard let room, limit > 0 else { return 1 }
        return min(1, Double(room) / Double(limit))
    }
}
