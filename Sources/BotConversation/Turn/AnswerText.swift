import BotCore

/// Composes what stands in the chat when an answer is not simply complete.
enum AnswerText {
    /// What previews and messages of a stopped answer end with.
    static let stopped = "(stopped)"
    static let cut = "(The answer was cut off: the connection to the model broke.)"
    static let length = "(The answer reached its longest length.)"
    static let refused = "(The model's provider broke the answer off: its filter refused the rest.)"
    static let deadline = "(The answer was cut off: it took too long.)"

    /// The line that an answer needs beside its text; nil when it is complete.
    static func note(for reason: FinishReason) -> String? {
        switch reason {
        case .stop, .toolCalls: nil
        case .length: length
        case .refused: refused
        case .cut: cut
        }
    }

    /// The line that says who answered in whose place, and whether it has seen all; nil when the first provider did.
    static func note(of completion: Completion) -> String? {
        completion.inPlaceOf.map {
            let blind = completion.sawImages ? "" : ", which cannot look at pictures"
            return "(\($0.name) \(FailureSentence.reason(for: $0.error)), so \(completion.model) has answered\(blind).)"
        }
    }

    /// A text with a line under it that is surely not taken for part of it: an open code block is closed first.
    static func adding(_ note: String, to text: String) -> String {
        guard text.contains(where: { !$0.isWhitespace }) else { return note }
        return text + (openFence(of: text).map { "\n" + $0 } ?? "") + "\n\n" + note
    }

    /// The fence that a code block at the end of the text still lacks (CommonMark, "Fenced code blocks").
    private static func openFence(of text: String) -> String? {
        var open: (mark: Character, length: Int)?
        for line in text.split(whereSeparator: \.isNewline) {
            let body = line.drop { $0 == " " }
            guard line.count - body.count < 4, let mark = body.first, mark == "`" || mark == "~" else { continue }
            let length = body.prefix { $0 == mark }.count
            guard length >= 3 else { continue }
            let rest = body.dropFirst(length)
            if let fence = open {
                if mark == fence.mark, length >= fence.length, rest.allSatisfy(\.isWhitespace) { open = nil }
            } else if mark == "~" || !rest.contains("`") {
                open = (mark, length)
            }
        }
        return open.map { String(repeating: $0.mark, count: $0.length) }
    }
}
