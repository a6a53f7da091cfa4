import BotCore

/// Composes what is stored and shown to the model as a person's message: the message that it replies to as a block of
/// data, then the person's own words, both bounded.
enum QuestionText {
    /// The longest message, in bytes of UTF-8: far above what people type, far below what hurts.
    static let limit = 64 * 1024
    /// The longest quote, in bytes of UTF-8.
    static let quoteLimit = 4 * 1024

    /// What stands for the person's words when they press Continue: the log notes with it that it was a button.
    static let resume = """
        Continue exactly where your last answer broke off: repeat nothing of it and add no introduction. If it broke off inside a \
        code block, begin with the line that opens such a block.
        """

    static func compose(_ message: InboundMessage) -> String {
        let words = capped(message.text, at: limit)
        guard let quoted = message.quoted, !quoted.text.allSatisfy(\.isWhitespace) else { return words }
        let block = """
            <quoted from="\(attribute(quoted.speaker))">
            \(escaped(capped(quoted.text, at: quoteLimit)))
            </quoted>
            """
        return words.isEmpty ? block : block + "\n\n" + words
    }

    /// A person's own words, without the message that they replied to.
    static func ownWords(of stored: String) -> Substring {
        let end = "</quoted>"
        guard stored.hasPrefix("<quoted from="), let place = stored.firstRange(of: end)?.upperBound else {
            return stored[...]
        }
        let words = stored[place...].drop(while: \.isWhitespace)
        return words.isEmpty ? stored[...] : words
    }

    /// Whether there is nothing that a model could answer.
    static func isEmpty(_ message: InboundMessage) -> Bool {
        message.text.allSatisfy(\.isWhitespace) && message.attachments.isEmpty
            && (message.quoted?.text.allSatisfy(\.isWhitespace) ?? true)
    }

    /// The name as it may stand between quotation marks; the cleaning takes angle brackets and line breaks out.
    private static func attribute(_ name: String) -> String {
        let cleaned = DisplayName.cleaned(name).replacing("\"", with: "'")
        return cleaned.isEmpty ? "unknown" : cleaned
    }

    /// A text without any angle bracket, so that it can neither close its block nor open another.
    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }

    private static func capped(_ text: String, at limit: Int) -> String {
        guard text.utf8.count > limit else { return text }
        var end = text.utf8.index(text.startIndex, offsetBy: limit)
        // Scalars, not characters: one character may be of any length, and a scalar is never torn.
        while end > text.startIndex, end.samePosition(in: text.unicodeScalars) == nil {
            end = text.utf8.index(before: end)
        }
        return text[..<end] + " [cut here: the message was too long]"
    }
}
