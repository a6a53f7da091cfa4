import BotCore

/// The newest messages of a session that the summary does not cover and that were not taken back, without a gap.
struct LiveMessages {
    /// Oldest first.
    let messages: ArraySlice<SessionMessage>
    /// How many such messages the session has, those that are older than these included.
    let count: Int
    /// The tokens of all of them, as they are stored.
    let tokens: Int

    init(messages: ArraySlice<SessionMessage>, count: Int, tokens: Int) {
        self.messages = messages
        self.count = count
        self.tokens = tokens
    }

    /// One message, or none, without any others.
    init(single message: SessionMessage?) {
        let messages = message.map { [$0] } ?? []
        self.init(messages: messages[...], count: messages.count, tokens: message?.tokens ?? 0)
    }

    /// Whether there are no older ones.
    var isWhole: Bool { count <= messages.count }
    /// The place of the first of these messages, counted from 0.
    var firstPlace: Int { max(0, count - messages.count) }

    /// Those up to a number; nil when it is not certain that all that are needed are here.
    func ending(with seq: Int64) -> LiveMessages? {
        guard let last = messages.last, last.seq > seq else { return self }
        let kept = messages.prefix { $0.seq <= seq }
        if kept.isEmpty && !isWhole { return nil }
        let dropped = messages[kept.endIndex...]
        return LiveMessages(
            messages: kept, count: count - dropped.count, tokens: dropped.reduce(tokens) { $0 - $1.tokens })
    }

    /// These and others that follow them.
    func followed(by others: [SessionMessage]) -> LiveMessages {
        if others.isEmpty { return self }
        return LiveMessages(
            messages: (Array(messages) + others)[...], count: count + others.count,
            tokens: others.reduce(tokens) { $0 + $1.tokens })
    }
}
