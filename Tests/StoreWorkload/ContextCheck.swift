package import BotCore
package import BotSessions

/// What every context must be like, so that a model takes it.
package enum ContextCheck {
    /// Why a context cannot be sent; nil when it can.
    package static func problem(_ context: SessionContext, limit: Int, counter: any TokenCounter) -> String? {
        let messages = context.messages
        if context.totalTokens > limit { return "\(context.totalTokens) tokens, and the limit is \(limit)" }
        if counter.count(messages) != context.totalTokens {
            return "\(context.totalTokens) tokens, and a recount gives \(counter.count(messages))"
        }
        if let first = messages.first, first.role != .user { return "it begins with \(first.role)" }
        if messages.contains(where: \.content.isEmpty) { return "it holds an empty message" }
        for (message, next) in zip(messages, messages.dropFirst()) where message.role == next.role {
            return "two messages of \(next.role) follow each other"
        }
        return nil
    }
}

/// Counts each word as a token.
package struct WordCounter: TokenCounter {
    package init() {}

    package var name: String { "words" }

    package func count(_ text: String) -> Int {
        // Texts of the workload are plain ASCII, and there are many.
        var words = 0
        var isInWord = false
        for byte in text.utf8 {
            let isSpace = byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n")
            if !isSpace, !isInWord { words += 1 }
            isInWord = !isSpace
        }
        return words
    }
}
