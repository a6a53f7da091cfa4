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
        var (attachments, unreadable) = ([Attachment](), [String]())
        var isHardCut = false
        var roomForForwards = limit
        for part in parts {
            switch part {
            case .message(let message):
                // A client that sends an album as a reply says so in each of its parts.
                if let quote = message.quoted.flatMap(block), !blocks.contains(quote) { blocks.append(quote) }
                if let name = message.forwardedFrom {
                    let text = isBlank(message.text) ? nil : capped(message.text, at: roomForForwards)
                    roomForForwards = max(0, roomForForwards - (text?.utf8.count ?? 0))
                    let marks = MediaMarks.text(of: message.attachments, unreadable: message.unreadable)
                    blocks += block("forwarded", from: name, [marks, text]).map { [$0] } ?? []
                    continue
                }
                attachments += message.attachments
                unreadable += message.unreadable
                if !isBlank(message.text) {
                    words += (words.isEmpty || isHardCut ? "" : "\n") + message.text
                    isHardCut = message.isCut && message.text.utf16.count >= hardCut
                }
            case .unreadable(let kind, album: _):
                marks.append("[\(DisplayName.cleaned(kind)), which could not be read]")
            default: break
            }
        }
        let own = [MediaMarks.text(of: attachments, unreadable: unreadable) ?? "", capped(words, at: limit)]
            .filter { !$0.isEmpty }.joined(separator: "\n")
        return (blocks + [own, marks.joined(separator: "\n")]).filter { !$0.isEmpty }.joined(separator: "\n\n")
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
        for kind in parts.flatMap(\.unreadable) where !kinds.contains(kind) { kinds.append(kind) }
        return kinds.isEmpty ? "Yes? There was no text in this message." : MediaSentence.unreadable(kinds)
    }

    /// Whether there is nothing that a model could answer. What the bot itself has said is no question.
    static func isEmpty(_ message: InboundMessage) -> Bool {
        guard isBlank(message.text), message.attachments.isEmpty else { return false }
        guard let quoted = message.quoted, quoted.ownMessage == nil else { return true }
        return quoted.attachments == nil && isBlank(quoted.text)
    }

    private static func block(of quote: InboundEvent.Quote) -> String? {
        let marks = MediaMarks.text(of: quote.attachments ?? [], unreadable: [quote.medium].compactMap(\.self))
        let text = isBlank(quote.text) ? nil : capped(quote.text, at: quoteLimit)
        return block("quoted", from: quote.speaker, [marks, text])
    }

    /// A block of data; nil for nothing.
    private static func block(_ kind: String, from name: String, _ lines: [String?]) -> String? {
        let text = lines.compactMap(\.self).joined(separator: "\n")
        if text.isEmpty { return nil }
        return """
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

extension InboundEvent.Body {
    /// What of it cannot be read, in words for people.
    fileprivate var unreadable: [String] {
        switch self {
        case .message(let message): message.unreadable
        case .unreadable(let kind, album: _): [kind]
        default: []
        }
    }
}
