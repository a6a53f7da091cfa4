import BotCore

extension ContextBuilder {
    /// One message of the prompt in the making.
    private struct Part {
        let role: Role
        var text: String
        /// Of the text; nil when it was joined and has to be counted.
        var tokens: Int?
        var calls: [ToolCall]
        var callTokens: Int
        let callID: String?
        let overhead: Int
        let first: Int64
        var last: Int64
        var dependsOnRoom: Bool
    }

    /// Joins neighbours of one role with a blank line, puts the summary first, and counts what was joined.
    mutating func assemble(_ selection: Selection) -> ContextDraft {
        var parts: [Part] = []
        parts.reserveCapacity(selection.pieces.count)
        var question: Int?
        for (place, piece) in selection.pieces.enumerated() {
            append(piece, to: &parts)
            if place == selection.question { question = parts.count - 1 }
        }
        if let summary = selection.summary { prepend(summary, to: &parts) }
        var total = parts.isEmpty ? 0 : promptOverhead
        var words = 0
        for (place, part) in parts.enumerated() {
            total += part.overhead + part.callTokens
            // The text with the moment behind it is counted below.
            if place == question, now != nil { continue }
            let tokens = count(part, summary: place == 0 ? selection.summary : nil)
            total += tokens
            if place == question { words = tokens }
        }
        var draft = ContextDraft(
            messages: parts.map {
                PromptMessage(role: $0.role, content: $0.text, toolCalls: $0.calls, toolCallID: $0.callID)
            },
            question: question, now: now, budget: budget, tokens: tokens, limit: input.limit)
        if let question, let now {
            words = tokens.counter.count(ContextDraft.joined(parts[question].text, nil, now))
            total += words
        }
        draft.rest = total - words
        draft.counted = total
        draft.checkpoint = selection.summary?.checkpoint
        draft.summaryTokens = selection.summary.map { count($0) } ?? 0
        draft.shownMessages = selection.pieces.count
        draft.liveMessages = input.session.coverage.liveMessages
        draft.recall = recall(for: selection, counted: total)
        draft.memo = maker.memo
        return draft
    }

    private func append(_ piece: Piece, to parts: inout [Part]) {
        guard let last = parts.indices.last, parts[last].role == piece.role, piece.role != .tool,
            parts[last].calls.isEmpty
        else {
            parts.append(
                Part(
                    role: piece.role, text: piece.text, tokens: piece.tokens, calls: piece.calls,
                    callTokens: piece.callTokens, callID: piece.callID, overhead: piece.overhead, first: piece.seq,
                    last: piece.seq, dependsOnRoom: piece.dependsOnRoom))
            return
        }
        if !piece.text.isEmpty {
            parts[last].text += "\n\n" + piece.text
            parts[last].tokens = nil
        }
        parts[last].calls = piece.calls
        parts[last].callTokens = piece.callTokens
        parts[last].last = piece.seq
        parts[last].dependsOnRoom = parts[last].dependsOnRoom || piece.dependsOnRoom
    }

    private mutating func prepend(_ summary: SummaryBlock, to parts: inout [Part]) {
        if parts.isEmpty {
            parts.append(
                Part(
                    role: .user, text: summary.text, tokens: count(summary), calls: [], callTokens: 0, callID: nil,
                    overhead: maker.overhead(.user), first: 0, last: 0, dependsOnRoom: false))
        } else {
            parts[0].text = summary.text + "\n\n" + parts[0].text
            parts[0].tokens = nil
        }
    }

    private mutating func count(_ part: Part, summary: SummaryBlock?) -> Int {
        if let tokens = part.tokens { return tokens }
        if part.dependsOnRoom { return tokens.counter.count(part.text) }
        return maker.count(.joined(part.first, part.last, summary?.checkpoint), part.text)
    }

    /// What may be recalled beside the selection; nil when nothing lies before it or there is no room.
    private func recall(for selection: Selection, counted: Int) -> ContextDraft.Recall? {
        guard let first = selection.pieces.first?.seq, first > input.session.floorSeq + 1,
            let question = entries.lastIndex(where: { $0.role == .user })
        else { return nil }
        let room = min(input.recallTokens, budget - counted - 2 * Self.joining)
        guard room >= ContextDraft.Recall.smallest else { return nil }
        let previous = entries[..<question].last { $0.role == .user }
        return ContextDraft.Recall(
            question: input.live.messages[entries[question].index].text,
            previous: previous.map { input.live.messages[$0.index].text }, before: first, room: room)
    }
}
