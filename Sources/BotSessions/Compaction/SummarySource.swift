import BotCore

/// A message as the summariser sees it: bounded in length.
struct SourceMessage: Sendable, Equatable {
    let seq: Int64
    let role: Role
    let speaker: String?
    let text: String
    let createdAt: Timestamp
    /// The tokens of the text, and of what stands around it.
    let tokens: Int

    /// The most of one message that is read, in tokens, and of a tool's result, in characters.
    private static let maxTokens = 1000
    private static let maxToolCharacters = 2000
    /// The tokens of `[#12 2026-11-23 04:31 user]`, about.
    static let headerTokens = 20

    /// - Returns: nil for what says nothing about the conversation: empty messages and answers of the offline responder.
    init?(_ message: SessionMessage, counter: any TokenCounter) {
        guard message.model != "offline", message.role != .system else { return nil }
        let calls = message.toolCalls.map { "(calls \($0.name))" }
        var text = ([message.text] + calls).filter { !$0.isEmpty }.joined(separator: " ")
        if text.isEmpty { return nil }
        if message.role == .tool, text.utf8.count > Self.maxToolCharacters {
            let cut = text.prefix(Self.maxToolCharacters)
            if cut.endIndex < text.endIndex { text = cut + " […]" }
        }
        var tokens = counter.count(text)
        if tokens > Self.maxTokens {
            guard
                let shown = HeadAndTail(text, tokens: tokens, counter: counter).shown(within: Self.maxTokens)
            else { return nil }
            (text, tokens) = shown
        }
        seq = message.seq
        role = message.role
        speaker = message.speaker
        self.text = text
        createdAt = message.createdAt
        self.tokens = tokens + Self.headerTokens
    }

    init(seq: Int64, role: Role, speaker: String? = nil, text: String, createdAt: Timestamp, tokens: Int = 0) {
        self.seq = seq
        self.role = role
        self.speaker = speaker
        self.text = text
        self.createdAt = createdAt
        self.tokens = tokens
    }
}

/// What a summary is made from.
struct SummarySource: Sendable, Equatable {
    /// The messages, oldest first.
    var messages: [SourceMessage]
    /// The notes that were taken of the messages before them.
    var notes: [SummaryLine]
    /// The numbers that may be cited: from the first message after the last reset to the last one that is covered.
    var citable: ClosedRange<Int64>
}
