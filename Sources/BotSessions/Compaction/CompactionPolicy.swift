import BotCore

/// When a summary is due and how much it has to free. Pure: it knows the settings and how the model's tokens are counted.
///
/// All sums are in tokens as the log counts them; limits, which are in the model's own, are lowered by its rate first.
struct CompactionPolicy: Sendable {
    /// The share of the limit that the messages which stay outside of the summary may have.
    private static let keptShare = 0.3
    /// The share of the trigger that a summary has to free: one that frees less would be due again at once.
    private static let freedShare = 0.3

    let minMessages: Int
    /// The messages that stay outside of the summary are at most as many as a context shows: others would be shown nowhere.
    let maxKept: Int
    private let threshold: Double
    private let summaryMaxTokens: Int
    private let tokens: ModelTokens
    private let overhead: Int

    init(settings: SessionSettings, tokens: ModelTokens) {
        minMessages = max(1, settings.minMessagesToSummarize)
        maxKept = max(1, settings.contextMaxMessages)
        threshold = settings.summarizeThreshold
        summaryMaxTokens = settings.summaryMaxTokens
        self.tokens = tokens
        overhead = tokens.counter.count(PromptMessage(role: .user, content: ""))
    }

    /// What messages cost in a prompt: their texts and what stands around them.
    func cost(tokens: Int, messages: Int) -> Int { tokens + messages * overhead }

    /// What the summary and all messages that it does not cover would cost.
    func cost(of coverage: Coverage) -> Int {
        coverage.summaryTokens + cost(tokens: coverage.liveTokens, messages: coverage.liveMessages)
    }

    /// Above this cost a summary is due.
    func trigger(limit: Int) -> Int { Int(Double(tokens.counted(within: limit)) * threshold) }

    func isDue(_ session: Session) -> Bool {
        let coverage = session.coverage
        return coverage.liveMessages >= minMessages && session.headSeq >= coverage.nextSummaryAt
            && cost(of: coverage) > trigger(limit: session.tokenLimit)
    }

    /// Whether so many messages may stay outside of the summary.
    func mayKeep(tokens kept: Int, messages: Int, limit: Int) -> Bool {
        let most = Int(Double(tokens.counted(within: limit)) * Self.keptShare)
        return messages <= maxKept && cost(tokens: kept, messages: messages) <= most
    }

    /// The longest summary that may replace so much; nil when none that says anything could free enough.
    ///
    /// - Parameter replaced: the cost of the old summary and of the messages that the new one covers beside it.
    func budget(replacing replaced: Int, limit: Int) -> Int? {
        let smallest = max(1, tokens.counted(within: limit) / 40)
        let most = tokens.counted(within: summaryMaxTokens)
        let budget = min(most, replaced - Int((Double(trigger(limit: limit)) * Self.freedShare).rounded(.up)))
        return budget >= min(most, smallest) ? budget : nil
    }

    /// How many messages have to come before the next summary: none while what is left is due already.
    func pause(after summary: Int, left: (tokens: Int, messages: Int), limit: Int) -> Int {
        let isDue =
            left.messages >= minMessages
            && summary + cost(tokens: left.tokens, messages: left.messages) > trigger(limit: limit)
        return isDue ? 0 : minMessages
    }
}
