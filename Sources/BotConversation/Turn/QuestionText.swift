import BotCore

/// Composes what is stored and shown to the model as a person's message: the message that it replies to and those that were forwarded as
/// blocks of data, then the person's own words, all bounded.
enum QuestionText {
    /// The longest message, in bytes of UTF-8: far above what people type, far below what hurts. All that was forwarded has as much again.
    static let limit = 64 * 1024
    /// The longest quote, in bytes of UTF-8.
    static let quoteLimit = 4 * 1024
    /// A part of a cut text with so many UTF-16 code units was cut in the middle of a word ("Messages", limits of Telegram): the next one
    /// follows without a break.
    private static let hardCut = 4096

    /// What stands for the person's words when they press Continue: the log notes with it that it was a button.
    static let resume = """
        Continue exactly where your last answer broke off: repeat nothing of it and add no introduction. If it broke off inside a \
        code block, begin with the line that opens such a block.
        """

    /// Composes one message.
    static func compose(_ message: InboundMessage) -> String { compose([.message(message)]) }

    /// Composes what several messages say together.
    static func compose(_ parts: [InboundEvent.Body]) -> String {
        var (blocks, words, marks) = ([String](), "", [String]())
        var isHardCut = false
        var roomForForwards = limit
        for part in parts {
            switch part {
            case .message(let message):
                if let quoted = message.quoted { blocks += block(of: quoted).map { [$0] } ?? [] }
                if let name = message.forwardedFrom {
                    guard !isBlank(message.text) else { continue }
                    let text = capped(message.text, at: roomForForwards)
                    roomForForwards = max(0, roomForForwards - text.utf8.count)
                    blocks.append(block("forwarded", from: name, text))
                } else if !isBlank(message.text) {
                    words += (words.isEmpty || isHardCut ? "" : "\n") + message.text
                    isHardCut = message.isCut && message.text.utf16.count >= hardCut
                }
            case .unreadable(let kind, album: _):
                marks.append("[\(DisplayName.cleaned(kind)), which could not be read]")
            default: break
            }
        }
        words = capped(words, at: limit)
        return (blocks + [words, marks.joined(separator: "\n")]).filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    /// A person's own words, without the messages that they replied to or forwarded.
    static func ownWords(of stored: String) -> Substring {
        var rest = stored[...]
        while let kind = ["quoted", "forwarded"].first(where: { rest.hasPrefix("<\($0) from=") }),
            let end = rest.firstRange(of: "</\(kind)>")?.upperBound
        {
            rest = rest[end...].drop(while: \.isWhitespace)
        }
        return rest.isEmpty ? stored[...] : rest
    }

    /// What the person is told when there is nothing in their messages that a model could answer; nil when there is.
    static func sentenceForNothing(in parts: [InboundEvent.Body]) -> String? {
        let messages = parts.compactMap(\.message)
        if messages.contains(where: { !isEmpty($0) }) { return nil }
        var kinds: [String] = []
        for case .unreadable(let kind, album: _) in parts where !kinds.contains(kind) { kinds.append(kind) }
        if kinds.isEmpty { return "Yes? There was no text in this message." }
        let names = kinds.map(DisplayName.cleaned).joined(separator: ", ")
        return "I cannot read this kind of message (\(names)). Please write it as text."
    }

    /// Whether there is nothing that a model could answer.
    static func isEmpty(_ message: InboundMessage) -> Bool {
        isBlank(message.text) && message.attachments.isEmpty && (message.quoted.map { isBlank($0.text) } ?? true)
    }

    private static func block(of quote: InboundEvent.Quote) -> String? {
        let medium = quote.medium.map { "[\(escaped(DisplayName.cleaned($0)))]" }
        let text = isBlank(quote.text) ? nil : quote.text
        let shown = [medium, text].compactMap(\.self).joined(separator: "\n")
        return shown.isEmpty ? nil : block("quoted", from: quote.speaker, capped(shown, at: quoteLimit))
    }

    private static func block(_ kind: String, from name: String, _ text: String) -> String {
        """
        <\(kind) from="\(attribute(name))">
        \(escaped(text))
        </\(kind)>
        """
    }

    private static func isBlank(_ text: String) -> Bool { text.allSatisfy(\.isWhitespace) }

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
