/// Takes reasoning out of a text in which a model writes it between tags (`<think>`, as DeepSeek R1, Qwen and others do where
/// their server does not sort it out). Pure.
///
/// Reasoning stands at the beginning of an answer and nowhere else: a tag behind other words is what the answer is about, and stays.
struct ReasoningFilter {
    private enum State {
        /// Nothing but blanks, or what may become a tag, has come.
        case beginning(held: String)
        /// Between the tags; `held` may become the end of the closing one.
        case reasoning(closing: String, held: String)
        /// Behind the closing tag: blank lines before the answer are not shown.
        case between
        case answering
    }

    private static let names = ["think", "thinking", "reasoning", "thought"]
    /// The most scalars of blanks, and of what may become a tag, that are held back: more than any tag has.
    private static let mostHeld = 64

    private var state = State.beginning(held: "")
    /// Whether reasoning has come.
    private(set) var isReasoning = false

    /// Takes the next piece; returns what of it is to be shown.
    mutating func take(_ piece: String) -> String {
        var rest = piece
        while !rest.isEmpty {
            switch state {
            case .beginning(let held):
                let text = held + rest
                let body = text.drop(while: \.isWhitespace)
                if let name = Self.names.first(where: { body.hasPrefix("<\($0)>") }) {
                    isReasoning = true
                    state = .reasoning(closing: "</\(name)>", held: "")
                    rest = String(body.dropFirst(name.count + 2))
                } else if Self.names.contains(where: { "<\($0)>".hasPrefix(body) }) {
                    state = .beginning(held: String(text.unicodeScalars.suffix(Self.mostHeld)))
                    return ""
                } else {
                    state = .answering
                    return text
                }
            case .reasoning(let closing, let held):
                let text = held + rest
                if let end = text.firstRange(of: closing) {
                    state = .between
                    rest = String(text[end.upperBound...])
                } else {
                    state = .reasoning(closing: closing, held: String(text.unicodeScalars.suffix(closing.count - 1)))
                    return ""
                }
            case .between:
                rest = String(rest.drop(while: \.isWhitespace))
                if !rest.isEmpty { state = .answering }
            case .answering:
                return rest
            }
        }
        return ""
    }

    /// Takes the end of the text; returns what was held back and is no reasoning.
    mutating func finish() -> String {
        guard case .beginning(let held) = state else { return "" }
        state = .answering
        return held
    }

    /// A text without what stands before a closing tag that nothing had opened: some servers put the opening one into the prompt.
    ///
    /// Only a tag that has its line for itself counts, since people also talk about such tags.
    static func withoutUnannounced(_ text: String) -> String {
        for name in names where text.contains("</\(name)>") && !text.contains("<\(name)>") {
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            guard let line = lines.firstIndex(where: { $0.trimmed == "</\(name)>" }) else { continue }
            return lines[(line + 1)...].drop { $0.allSatisfy(\.isWhitespace) }.joined(separator: "\n")
        }
        return text
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        drop(while: \.isWhitespace).reversedDrop(while: \.isWhitespace)
    }

    private func reversedDrop(while isDropped: (Character) -> Bool) -> Substring {
        guard let last = lastIndex(where: { !isDropped($0) }) else { return "" }
        return self[...last]
    }
}
