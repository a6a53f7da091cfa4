import BotCore

extension ContextBuilder {
    /// Fewer tokens of a text say nothing.
    private static var smallestShare: Int { 64 }

    /// Older turns that fit beside what is shown anyway.
    private struct Older {
        /// Newest first, each with its cost.
        var turns: [(pieces: [Piece], cost: Int, index: Int)] = []
        /// The message that the newest turn begins with which did not fit; nil when all did.
        var blocked: Int?
    }

    // MARK: - The newest turn

    /// What follows the newest message of the user: as many groups as fit, the newest first. A group is an answer with its calls and
    /// their results; the newest one is shortened if it alone is too long.
    mutating func newestTurn(
        _ entries: ArraySlice<PromptShape.Entry>, room: Int
    ) -> (pieces: [Piece], isWhole: Bool) {
        var kept: [[Piece]] = []
        var (total, count) = (0, 1)
        var end = entries.endIndex
        var isWhole = true
        for start in entries.indices.reversed() where entries[start].role == .assistant {
            let group = pieces(entries[start..<end])
            end = start
            let cost = group?.reduce(0) { $0 + $1.cost } ?? 0
            if let group, count + group.count <= input.maxMessages {
                if total + cost <= room {
                    kept.append(group)
                    (total, count) = (total + cost, count + group.count)
                    continue
                }
                if kept.isEmpty, let short = shortened(group, to: room) { kept.append(short) }
            }
            isWhole = false
            break
        }
        return (kept.reversed().flatMap { $0 }, isWhole)
    }

    /// The pieces of a group or a turn, each with at most half of the limit; nil when one does not even fit so.
    private mutating func pieces(_ entries: ArraySlice<PromptShape.Entry>) -> [Piece]? {
        var pieces: [Piece] = []
        pieces.reserveCapacity(entries.count)
        for entry in entries {
            guard let piece = maker.piece(entry, of: input.live.messages, limit: budget / 2) else { return nil }
            pieces.append(piece)
        }
        return pieces
    }

    /// Cuts a group to fit: each text gets the same share, and what short ones leave goes to the others.
    private func shortened(_ group: [Piece], to room: Int) -> [Piece]? {
        var left = room - group.reduce(0) { $0 + $1.overhead + $1.callTokens }
        guard left >= Self.smallestShare * group.count else { return nil }
        var limits = [Int](repeating: 0, count: group.count)
        for (rank, index) in group.indices.sorted(by: { group[$0].tokens < group[$1].tokens }).enumerated() {
            limits[index] = min(group[index].tokens, left / (group.count - rank))
            left -= limits[index]
        }
        var short: [Piece] = []
        for (piece, limit) in zip(group, limits) {
            guard let cut = maker.shortened(piece, to: limit) else { return nil }
            short.append(cut)
        }
        return short
    }

    // MARK: - Older turns

    /// The older turns to show, oldest first; nil when older messages are needed than there are here.
    ///
    /// - Parameters:
    ///   - shown: how many messages are shown already.
    ///   - total: what is shown already costs.
    ///   - summary: the tokens of the summary in it.
    mutating func olderTurns(
        before question: Int, shown: Int, total: Int, target: Int, summary: Int
    ) -> [Piece]? {
        let narrow = max(0, target - reserve - total)
        // While nothing lies before the window there is nothing to recall, and no room is needed for it.
        let session = input.session
        let hasArchive = session.coverage.seq > session.floorSeq || input.firstPlace > 0
        var older = turns(before: question, shown: shown, room: hasArchive ? narrow : target - total)
        if !hasArchive, older.blocked != nil { older = turns(before: question, shown: shown, room: narrow) }
        guard let blocked = older.blocked else {
            guard input.live.firstPlace <= input.earliestPlace else { return nil }
            let first = input.live.messages.startIndex + input.firstPlace - input.live.firstPlace
            return older.turns.reversed().drop { $0.index < first }.flatMap(\.pieces)
        }
        let step = max(32, (budget - reserve - summary) / 2)
        let first = firstTurn(of: older.turns.reversed(), beside: total, after: blocked, step: step)
        return older.turns.reversed().dropFirst(first).flatMap(\.pieces)
    }

    private mutating func turns(before question: Int, shown: Int, room: Int) -> Older {
        var older = Older()
        var (count, total) = (shown, 0)
        var end = question
        for start in entries[..<question].indices.reversed() where entries[start].role == .user {
            let turn = pieces(entries[start..<end])
            end = start
            let cost = turn?.reduce(0) { $0 + $1.cost } ?? 0
            guard let turn, total + cost <= room, count + turn.count <= input.maxMessages else {
                older.blocked = entries[start].index
                break
            }
            (count, total) = (count + turn.count, total + cost)
            older.turns.append((turn, cost, entries[start].index))
        }
        return older
    }

    /// Which turn to begin with when older ones do not fit (see `ContextWindow`).
    private func firstTurn(
        of turns: [(pieces: [Piece], cost: Int, index: Int)], beside total: Int, after blocked: Int, step: Int
    ) -> Int {
        // Positions are counted from the first message that the summary does not cover, so that they stay while messages are added.
        let messages = input.live.messages
        var position = input.live.tokens - messages[blocked...].reduce(0) { $0 + $1.tokens }
        position += Self.perMessage * (input.live.firstPlace + blocked - messages.startIndex)
        let blockedPosition = position
        var last = blocked
        var shown = turns.reduce(total) { $0 + $1.cost }
        var places: [ContextWindow.Place] = []
        for turn in turns {
            position += messages[last..<turn.index].reduce(0) { $0 + $1.tokens + Self.perMessage }
            last = turn.index
            places.append(ContextWindow.Place(position: position, shown: shown))
            shown -= turn.cost
        }
        return ContextWindow.first(of: places, after: blockedPosition, step: step)
    }

    /// About what a message costs beside its text; it only has to be the same for all.
    private static var perMessage: Int { 4 }
}
