import BotCore

/// Makes a context of the newest messages of a session. Pure: the result depends on nothing but its arguments.
///
/// What fits is decided in this order: the newest message of the user, whole if it can be; the moment; the summary, which is left
/// out whole before that message is cut; what the newest turn holds beyond, newest first; older turns, newest first, as far as they
/// leave room for what may be recalled.
struct ContextBuilder {
    /// What a context is made of.
    struct Input {
        let session: Session
        let live: LiveMessages
        let summary: SummaryBlock?
        /// The most messages of the log that are shown.
        let maxMessages: Int
        /// The part of the token limit that may be used.
        let share: Double
        /// The most tokens that are recalled.
        let recallTokens: Int
        let moment: Timestamp?
    }

    /// The pieces to show, oldest first.
    struct Selection {
        var pieces: [Piece] = []
        /// The place of the newest message of the user in them.
        var question: Int?
        var summary: SummaryBlock?
    }

    /// About what a blank line between two texts costs; what it really costs shows when all is counted.
    static let joining = 2

    let tokens: ModelTokens
    let input: Input
    let entries: [PromptShape.Entry]
    /// The most tokens of the counter.
    let budget: Int
    /// The room that older turns leave for what may be recalled.
    let reserve: Int
    let promptOverhead: Int
    let now: String?
    private let nowTokens: Int
    var maker: PieceMaker

    /// - Parameter memo: that of the session's last context.
    init(_ input: Input, tokens: ModelTokens, languageModel: Bool, memo: ContextMemo? = nil) {
        self.tokens = tokens
        self.input = input
        let budget = tokens.counted(within: input.limit)
        self.budget = budget
        promptOverhead = type(of: tokens.counter).overheadPerPrompt
        reserve = min(max(0, input.recallTokens), budget * 3 / 10)
        let scope = ContextMemo.Scope(
            revision: input.session.revision, counter: tokens.counter.name, budget: budget, languageModel: languageModel
        )
        maker = PieceMaker(counter: tokens.counter, scope: scope, memo: memo)
        // Where there is hardly room for the words, the moment is not told.
        let now = input.moment.map(MomentBlock.text).map { ($0, tokens.counter.count($0) + Self.joining) }
        let isTold = now.map { $0.1 * 8 <= budget } ?? false
        self.now = isTold ? now?.0 : nil
        nowTokens = isTold ? now?.1 ?? 0 : 0
        entries = PromptShape.entries(of: Self.window(of: input), languageModel: languageModel)
    }

    /// The messages that may be shown by their count, and the newest turn's from its beginning on if it alone is longer.
    private static func window(of input: Input) -> ArraySlice<SessionMessage> {
        let messages = input.live.messages
        let window = messages.dropFirst(max(0, input.earliestPlace - input.live.firstPlace))
        if window.contains(where: { $0.role == .user && !$0.text.isEmpty }) { return window }
        let question = messages.lastIndex { $0.role == .user && !$0.text.isEmpty }
        return question.map { messages[$0...] } ?? window
    }

    /// The context, but for what is recalled; nil when older messages are needed than the given ones.
    mutating func draft() -> ContextDraft? {
        // Joining neighbours can cost more than their parts; then the next try aims lower.
        var target = budget
        while target > promptOverhead {
            guard let selection = select(target: target) else { return nil }
            let draft = assemble(selection)
            if draft.counted <= budget {
                // The words before the newest are looked for with them, even where they are not shown.
                let lacksPrevious = draft.recall.map { $0.previous == nil } ?? false
                return lacksPrevious && input.live.firstPlace > input.earliestPlace ? nil : draft
            }
            target -= draft.counted - budget
        }
        return assemble(Selection())
    }

    private mutating func select(target: Int) -> Selection? {
        guard let question = entries.lastIndex(where: { $0.role == .user }) else {
            guard input.live.isWhole else { return nil }
            let alone = input.summary.map { promptOverhead + maker.overhead(.user) + count($0) }
            return Selection(summary: alone.map { $0 <= target } == true ? input.summary : nil)
        }
        let follows = entries[(question + 1)...]
        var total = promptOverhead + nowTokens
        guard let words = words(entries[question], room: target - total, isAlone: follows.isEmpty) else {
            return Selection()
        }
        total += words.cost
        var selection = Selection()
        if let summary = input.summary {
            let cost = count(summary) + Self.joining
            if cost <= budget / 2, total + cost <= target {
                selection.summary = summary
                total += cost
            }
        }
        let newest = newestTurn(follows, room: target - total)
        total += newest.pieces.reduce(0) { $0 + $1.cost }
        var older: [Piece] = []
        if newest.isWhole {
            let shown = 1 + newest.pieces.count
            let summary = selection.summary.map { count($0) } ?? 0
            guard let turns = olderTurns(before: question, shown: shown, total: total, target: target, summary: summary)
            else { return nil }
            older = turns
        }
        selection.question = older.count
        selection.pieces = older + [words] + newest.pieces
        return selection
    }

    /// The newest message of the user: it may take all the room, but half of the limit if answers follow it.
    private mutating func words(_ entry: PromptShape.Entry, room: Int, isAlone: Bool) -> Piece? {
        let room = room - maker.overhead(.user)
        let half = budget / 2
        if !isAlone, half <= room, let piece = maker.piece(entry, of: input.live.messages, limit: half) { return piece }
        guard let whole = maker.piece(entry, of: input.live.messages, limit: .max),
            var shown = maker.shortened(whole, to: room)
        else { return nil }
        // As an older message it will be cut to half.
        if whole.tokens > half { shown.dependsOnRoom = true }
        return shown
    }

    mutating func count(_ summary: SummaryBlock) -> Int { maker.count(.summary(summary.checkpoint), summary.text) }
}

extension ContextBuilder.Input {
    /// The most tokens of the model.
    var limit: Int { Int(Double(max(0, session.tokenLimit)) * min(max(0, share), 1)) }

    /// The place of the first message that may be shown, by the count of messages.
    var earliestPlace: Int { max(0, live.count - maxMessages) }
    /// The place of the first message that is shown if all of those fit the limit: the window moves in steps.
    var firstPlace: Int { ContextWindow.start(count: live.count, maxMessages: maxMessages) }
}
