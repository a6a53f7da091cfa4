import BotCore

/// One message of the log as it is shown, with the tokens of its text.
struct Piece {
    let role: Role
    /// Its number; that of the message that called for an interrupted call.
    let seq: Int64
    var text: String
    var tokens: Int
    var calls: [ToolCall] = []
    /// The tokens of the calls.
    var callTokens = 0
    var callID: String?
    /// The tokens of a message beside its content.
    let overhead: Int
    /// Whether how much is shown of the text depends on what else is shown: what holds it is not remembered.
    var dependsOnRoom = false

    var cost: Int { overhead + tokens + callTokens }
}

/// Makes pieces of messages, counting as little as it can.
struct PieceMaker {
    let counter: any TokenCounter
    private let known: ContextMemo
    /// What this context needed of the memo, and what was added to it.
    private(set) var memo: ContextMemo
    private let userOverhead: Int
    private let assistantOverhead: Int
    private var openings: [String: String] = [:]

    init(counter: any TokenCounter, scope: ContextMemo.Scope, memo: ContextMemo?) {
        self.counter = counter
        self.memo = ContextMemo(scope: scope)
        known = memo.flatMap { $0.scope == scope ? $0 : nil } ?? self.memo
        userOverhead = counter.count(PromptMessage(role: .user, content: ""))
        assistantOverhead = counter.count(PromptMessage(role: .assistant, content: ""))
    }

    /// The tokens of a message beside its content.
    func overhead(_ role: Role) -> Int {
        switch role {
        case .user: userOverhead
        case .assistant: assistantOverhead
        case .system, .tool: counter.count(PromptMessage(role: role, content: ""))
        }
    }

    /// The tokens of what the key names.
    mutating func count(_ key: ContextMemo.Key, _ text: @autoclosure () -> String) -> Int {
        let count = memo.counts[key] ?? known.counts[key] ?? counter.count(text())
        memo.counts[key] = count
        return count
    }

    /// The piece of an entry, cut to `limit` tokens if its text has more; nil when not even its beginning fits.
    mutating func piece(
        _ entry: PromptShape.Entry, of messages: ArraySlice<SessionMessage>, limit: Int
    ) -> Piece? {
        if let call = entry.call { return interrupted(messages[entry.index], call: call) }
        var piece = whole(messages[entry.index])
        if piece.tokens <= limit { return piece }
        guard let cut = cut(piece.text, tokens: piece.tokens, of: piece.seq, to: limit) else {
            // What belongs to a call must not be missing, only its text.
            guard piece.role == .tool || !piece.calls.isEmpty else { return nil }
            (piece.text, piece.tokens) = ("", 0)
            return piece
        }
        (piece.text, piece.tokens) = cut
        return piece
    }

    /// The piece with at most so many tokens of text; nil when nothing of it fits.
    func shortened(_ piece: Piece, to limit: Int) -> Piece? {
        if piece.tokens <= limit { return piece }
        var short = piece
        short.dependsOnRoom = true
        if let shown = HeadAndTail(piece.text, tokens: piece.tokens, counter: counter).shown(within: limit) {
            (short.text, short.tokens) = shown
            return short
        }
        guard piece.role == .tool || !piece.calls.isEmpty else { return nil }
        (short.text, short.tokens) = ("", 0)
        return short
    }

    private mutating func whole(_ message: SessionMessage) -> Piece {
        var piece = Piece(
            role: message.role, seq: message.seq, text: message.text, tokens: message.tokens,
            overhead: overhead(message.role))
        let isStored = message.tokenizer == counter.name
        if message.role == .user, let speaker = message.speaker {
            if openings[speaker] == nil { openings[speaker] = SpokenText.opening(of: speaker) }
            piece.text = SpokenText.of(message.text, opening: openings[speaker] ?? "")
            piece.tokens = count(.message(message.seq), piece.text)
        } else if !isStored || !message.toolCalls.isEmpty {
            piece.tokens = count(.message(message.seq), message.text)
        }
        if message.role == .tool { piece.callID = message.toolCallID }
        if !message.toolCalls.isEmpty {
            piece.calls = message.toolCalls
            let key = ContextMemo.Key.calls(message.seq)
            let count = memo.counts[key] ?? known.counts[key] ?? counter.count(message.toolCalls)
            memo.counts[key] = count
            piece.callTokens = count
        }
        return piece
    }

    private func interrupted(_ caller: SessionMessage, call: Int) -> Piece {
        Piece(
            role: .tool, seq: caller.seq, text: PromptShape.interrupted,
            tokens: counter.count(PromptShape.interrupted), callID: caller.toolCalls[call].id, overhead: overhead(.tool)
        )
    }

    private mutating func cut(
        _ text: String, tokens: Int, of seq: Int64, to limit: Int
    ) -> (text: String, tokens: Int)? {
        let remembered = [memo.cuts[seq], known.cuts[seq]].lazy.compactMap { $0 }.first { $0.limit == limit }
        let cut: ContextMemo.Cut
        if let remembered {
            cut = remembered
        } else {
            let shown = HeadAndTail(text, tokens: tokens, counter: counter).shown(within: limit)
            cut = ContextMemo.Cut(limit: limit, text: shown?.text ?? "", tokens: shown?.tokens ?? 0)
        }
        memo.cuts[seq] = cut
        return cut.text.isEmpty ? nil : (cut.text, cut.tokens)
    }
}
