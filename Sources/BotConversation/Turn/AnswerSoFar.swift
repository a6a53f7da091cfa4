/// What a model has said in a turn. While it calls tools between its words, they come in parts, which stand in the chat as one answer
/// and in the log each by itself.
struct AnswerSoFar: Sendable, Equatable {
    /// What was said before tools were called: it is in the log already.
    private(set) var earlier = ""
    /// What has been said since.
    private(set) var current = ""

    init(earlier: [String] = [], current: String = "") {
        for part in earlier { endPart(as: part) }
        self.current = current
    }

    /// All of it, as it stands in the chat.
    var whole: String { whole(with: current) }

    /// The earlier parts with another one behind them.
    func whole(with last: String) -> String {
        if earlier.isEmpty { return last }
        return last.allSatisfy(\.isWhitespace) ? earlier : earlier + "\n\n" + last
    }

    mutating func append(_ piece: String) { current += piece }

    /// Ends the part that is being said; `text` is how it stands in the log.
    mutating func endPart(as text: String) {
        earlier = whole(with: text)
        current = ""
    }
}
