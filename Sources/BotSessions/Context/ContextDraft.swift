import BotCore

/// A context that lacks only what is recalled.
struct ContextDraft {
    /// What may be recalled.
    struct Recall {
        /// Fewer tokens recall nothing that helps.
        static let smallest = 48

        /// The newest words of the user, and those before them.
        let question: String
        let previous: String?
        /// Only messages before this number are not shown.
        let before: Int64
        /// The most tokens.
        let room: Int
    }

    /// The messages without what comes behind the words of the newest message of the user.
    let messages: [PromptMessage]
    /// Which of them that is.
    let question: Int?
    let now: String?
    /// The most tokens of the counter.
    let budget: Int
    let tokens: ModelTokens
    let limit: Int
    /// The tokens of all but the text of that message.
    var rest = 0
    /// The tokens of all, with the moment.
    var counted = 0
    var checkpoint: CheckpointID?
    var summaryTokens = 0
    var shownMessages = 0
    var liveMessages = 0
    var recall: Recall?
    var memo: ContextMemo?

    init(
        messages: [PromptMessage], question: Int?, now: String?, budget: Int, tokens: ModelTokens, limit: Int
    ) {
        self.messages = messages
        self.question = question
        self.now = now
        self.budget = budget
        self.tokens = tokens
        self.limit = limit
    }

    /// What came of adding what was recalled.
    enum Result {
        case fits(SessionContext)
        /// It takes so many tokens too many.
        case tooLong(by: Int)
    }

    /// The context without anything recalled.
    func context() -> SessionContext {
        guard let question, now != nil else { return context(of: messages, counted: counted) }
        var messages = messages
        messages[question] = PromptMessage(
            role: .user, content: Self.joined(messages[question].content, nil, now))
        return context(of: messages, counted: counted)
    }

    /// The context with what was recalled behind the newest words of the user.
    func context(with recalled: Recalled) -> Result {
        guard let question else { return .fits(context()) }
        let text = Self.joined(messages[question].content, recalled.text, now)
        let counted = rest + tokens.counter.count(text)
        if counted > budget { return .tooLong(by: counted - budget) }
        var messages = messages
        messages[question] = PromptMessage(role: .user, content: text)
        return .fits(context(of: messages, counted: counted, recalled: recalled))
    }

    /// What stands behind the words changes with every request, so it stands where no later prompt begins the same.
    static func joined(_ words: String, _ recalled: String?, _ now: String?) -> String {
        var text = words
        for block in [recalled, now] { if let block { text += "\n\n" + block } }
        return text
    }

    private func context(of messages: [PromptMessage], counted: Int, recalled: Recalled? = nil) -> SessionContext {
        SessionContext(
            messages: messages, totalTokens: tokens.bound(counted), counted: counted, limit: limit,
            checkpoint: checkpoint, summaryTokens: tokens.bound(summaryTokens),
            recallTokens: tokens.bound(recalled?.tokens ?? 0), shownMessages: shownMessages,
            liveMessages: liveMessages, recalled: recalled?.seqs ?? [])
    }
}
