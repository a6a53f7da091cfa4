import BotCore

/// Makes a context of the messages of a window. Pure: the result depends on nothing but its arguments.
struct ContextBuilder {
    private let counter: any TokenCounter
    /// The tokens of a message beside its content, and of a prompt beside its messages.
    private let userOverhead: Int
    private let assistantOverhead: Int
    private let promptOverhead: Int

    init(counter: any TokenCounter) {
        self.counter = counter
        userOverhead = counter.count(PromptMessage(role: .user, content: ""))
        assistantOverhead = counter.count(PromptMessage(role: .assistant, content: ""))
        promptOverhead = type(of: counter).overheadPerPrompt
    }

    /// One message as it is shown, with the tokens of its text.
    private struct Piece {
        let role: Role
        let distance: Int64
        var text: String
        var tokens: Int
    }

    /// A message of the user and the answers after it: what is left out together.
    private struct Exchange {
        var pieces: [Piece]
        var cost: Int
        var distance: Int64 { pieces.first?.distance ?? 0 }
    }

    /// Builds the context.
    ///
    /// - Parameters:
    ///   - messages: the messages of the window, oldest first.
    ///   - session: gives the floor and the token limit.
    ///   - languageModel: whether answers of the offline responder are left out.
    func context(
        of messages: some BidirectionalCollection<SessionMessage>, in session: Session, languageModel: Bool
    ) -> SessionContext {
        let shown = messages.filter { isShown($0, toModel: languageModel) }
        // Joining neighbours can cost a token more than their parts; then the next try aims lower.
        var target = session.tokenLimit
        while target > promptOverhead {
            let merged = merge(select(from: shown, floor: session.floorSeq, target: target))
            let total = merged.isEmpty ? 0 : merged.reduce(promptOverhead) { $0 + overhead($1.role) + $1.tokens }
            if total <= session.tokenLimit {
                let prompt = merged.map { PromptMessage(role: $0.role, content: $0.text) }
                return SessionContext(messages: prompt, totalTokens: total, hasSummaries: false)
            }
            target -= total - session.tokenLimit
        }
        return SessionContext(messages: [], totalTokens: 0, hasSummaries: false)
    }

    private func isShown(_ message: SessionMessage, toModel: Bool) -> Bool {
        switch message.role {
        case .user: !message.text.isEmpty
        case .assistant: !message.text.isEmpty && !(toModel && message.model == "offline")
        case .system, .tool: false
        }
    }

    // MARK: - Selection

    /// The pieces to show: whole exchanges, the newest first, as many as the target holds.
    private func select(from messages: [SessionMessage], floor: Int64, target: Int) -> [Piece] {
        guard let newestUser = messages.last(where: { $0.role == .user })?.seq else { return [] }
        var exchanges: [Exchange] = []
        var total = promptOverhead
        var answers: [Piece] = []
        var before: Int64?
        for message in messages.reversed() {
            let isNewest = message.seq >= newestUser
            let piece = piece(of: message, floor: floor, limit: message.seq == newestUser ? .max : target / 2)
            guard message.role == .user else {
                answers.append(piece)
                continue
            }
            let pieces = [piece] + answers.reversed()
            answers = []
            let cost = pieces.reduce(0) { $0 + overhead($1.role) + $1.tokens }
            if total + cost > target {
                if isNewest { return shrink(pieces, to: target - promptOverhead) }
                before = piece.distance
                break
            }
            total += cost
            exchanges.append(Exchange(pieces: pieces, cost: cost))
        }
        return pieces(of: exchanges.reversed(), after: before)
    }

    /// Where older exchanges had to be left out (`before` is the first of these), the beginning is rounded.
    private func pieces(of exchanges: [Exchange], after before: Int64?) -> [Piece] {
        guard let before else { return exchanges.flatMap(\.pieces) }
        var places: [(distance: Int64, before: Int64?, tokens: Int)] = []
        var tokens = exchanges.reduce(0) { $0 + $1.cost }
        var last = before
        for exchange in exchanges {
            places.append((exchange.distance, last, tokens))
            tokens -= exchange.cost
            last = exchange.distance
        }
        let start = ContextWindow.roundest(of: places) ?? 0
        return exchanges.dropFirst(start).flatMap(\.pieces)
    }

    private func piece(of message: SessionMessage, floor: Int64, limit: Int) -> Piece {
        let text = SpokenText.of(message)
        let isCounted = message.speaker == nil && message.tokenizer == counter.name
        let tokens = isCounted ? message.tokens : counter.count(text)
        let piece = Piece(role: message.role, distance: message.seq - floor - 1, text: text, tokens: tokens)
        return tokens <= limit ? piece : cut(piece, to: limit) ?? piece
    }

    private func cut(_ piece: Piece, to limit: Int) -> Piece? {
        guard let shown = HeadAndTail(piece.text, tokens: piece.tokens, counter: counter).shown(within: limit) else {
            return nil
        }
        var cut = piece
        (cut.text, cut.tokens) = shown
        return cut
    }

    // MARK: - Fitting

    /// Cuts the newest exchange so that it fits: each message gets the same share, and what short ones leave goes to the others. Where
    /// shares would be too small to say anything, the answers go and the user's message has all.
    private func shrink(_ pieces: [Piece], to target: Int) -> [Piece] {
        let fixed = pieces.reduce(0) { $0 + overhead($1.role) }
        let smallestShare = 64
        guard target - fixed >= smallestShare * pieces.count || pieces.count == 1 else {
            return shrink([pieces[0]], to: target)
        }
        var left = target - fixed
        var limits = [Int](repeating: 0, count: pieces.count)
        for (rank, index) in pieces.indices.sorted(by: { pieces[$0].tokens < pieces[$1].tokens }).enumerated() {
            limits[index] = min(pieces[index].tokens, left / (pieces.count - rank))
            left -= limits[index]
        }
        var shrunk: [Piece] = []
        for (piece, limit) in zip(pieces, limits) {
            guard let cut = cut(piece, to: limit) else { return [] }
            shrunk.append(cut)
        }
        return shrunk
    }

    /// Joins neighbours of one role with a blank line and counts anew what was joined.
    private func merge(_ pieces: [Piece]) -> [Piece] {
        var merged: [Piece] = []
        var isJoined = false
        for piece in pieces {
            if let last = merged.indices.last, merged[last].role == piece.role {
                merged[last].text += "\n\n" + piece.text
                isJoined = true
            } else {
                if isJoined { recount(&merged) }
                isJoined = false
                merged.append(piece)
            }
        }
        if isJoined { recount(&merged) }
        return merged
    }

    private func recount(_ pieces: inout [Piece]) {
        guard let last = pieces.indices.last else { return }
        pieces[last].tokens = counter.count(pieces[last].text)
    }

    private func overhead(_ role: Role) -> Int { role == .user ? userOverhead : assistantOverhead }
}
