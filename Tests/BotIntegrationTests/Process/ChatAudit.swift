/// Reads a chat's messages of the bot in order and says what is wrong with them: each question answered once, whole and in order,
/// and nothing repeated unless it says so.
struct ChatAudit {
    /// How the bot marks what may be a repeat.
    private static let label = "(This may be a repeat"
    private static let setAside = "so I have put it aside"

    /// The numbers that were asked, in order.
    let asked: [Int]
    let mayRepeat: Bool

    /// How many were answered whole.
    private(set) var answered = 0
    /// Messages that carry the label.
    private(set) var labelled = 0
    /// Those of them that did repeat something.
    private(set) var repeats = 0
    private(set) var problems: [String] = []
    private var nextPart = 0
    private var labelAhead = false
    /// The number of a preview that has no whole part yet.
    private var bud: Int?

    /// - Parameter mayRepeat: whether the platform allows labelled repeats: Telegram has nothing that could prevent them.
    init(asked: [Int], messages: [String], mayRepeat: Bool) {
        self.asked = asked
        self.mayRepeat = mayRepeat
        for message in messages { read(message) }
    }

    var isComplete: Bool { answered == asked.count && nextPart == 0 && bud == nil && problems.isEmpty }

    /// All that is wrong once the chat is at rest.
    var verdict: [String] {
        var verdict = problems
        if nextPart > 0 { verdict.append("m\(asked[answered]) is unfinished after part \(nextPart - 1)") }
        if let bud { verdict.append("m\(bud) has only begun") }
        let missing = asked.dropFirst(answered + (nextPart > 0 ? 1 : 0))
        if !missing.isEmpty { verdict.append("unanswered: \(missing.map { "m\($0)" }.joined(separator: " "))") }
        return verdict
    }

    private mutating func read(_ message: String) {
        let parts = NumberedAnswer.parts(in: message)
        let isLabelled = labelAhead || message.hasPrefix(Self.label)
        guard let first = parts.first, let last = parts.last else {
            labelAhead = message.hasPrefix(Self.label)
            if !labelAhead { readOther(message) }
            return
        }
        labelAhead = false
        // A preview that is left behind may only be followed by what says that it may be a repeat.
        if let bud, !isLabelled { problems.append("m\(bud) was left with an empty preview") }
        bud = nil
        if isLabelled {
            labelled += 1
            if !mayRepeat { problems.append("m\(first.number) is labelled as a repeat") }
        }
        for (index, part) in parts.enumerated() where part != (first.number, first.part + index) {
            problems.append("m\(first.number):\(first.part) is followed by m\(part.number):\(part.part)")
            return
        }
        if answered < asked.count, first.number == asked[answered], first.part == nextPart {
            arrived(through: last.part, of: first.number)
        } else if isLabelled, answered < asked.count, first.number == asked[answered], first.part < nextPart {
            repeats += 1
            arrived(through: max(last.part, nextPart - 1), of: first.number)
        } else if isLabelled, answered > 0, nextPart == 0, first.number == asked[answered - 1] {
            repeats += 1
        } else {
            let expected = answered < asked.count ? "m\(asked[answered]):\(nextPart)" : "nothing"
            problems.append("\(expected) was due, but m\(first.number):\(first.part)...\(last.part) came")
        }
    }

    private mutating func arrived(through part: Int, of number: Int) {
        nextPart = part + 1
        if nextPart == NumberedAnswer(number: number).parts {
            answered += 1
            nextPart = 0
        }
    }

    private mutating func readOther(_ message: String) {
        if answered < asked.count, nextPart == 0, bud == nil,
            NumberedAnswer(number: asked[answered]).begins(with: message)
        {
            bud = asked[answered]
            return
        }
        problems.append(
            message.contains(Self.setAside) ? "a question was set aside" : "unexpected: \(message.prefix(80))")
    }
}
