import Testing

/// The audit itself, so that the kill test can be believed.
///
/// Messages are written short: `4` is the whole answer to m4, `4:0-2` these parts of it, `L4` the answer with the label, `L` the label
/// alone, `A4` a preview of it without a whole part, `?` anything else.
struct ChatAuditTests {
    private static let label = "(This may be a repeat: the connection broke while it was being sent.)"

    private func message(_ short: Substring) -> String {
        if short == "?" { return "Sorry, something broke" }
        if short.hasPrefix("A") { return "Answer to m\(short.dropFirst())" }
        let isLabelled = short.hasPrefix("L")
        let pieces = short.drop { $0 == "L" }.split { ":-+".contains($0) }.compactMap { Int($0) }
        guard let number = pieces.first else { return Self.label }
        var lines: [String] = []
        for range in stride(from: 1, to: max(pieces.count, 2), by: 2) {
            let all = 0...(NumberedAnswer(number: number).parts - 1)
            let parts = pieces.count > range ? pieces[range]...pieces[range + 1] : all
            lines += parts.map { "m\(number):\($0); some words" }
        }
        return (isLabelled ? "\(Self.label)\n\n" : "") + lines.joined(separator: "\n")
    }

    /// The chat in which m4 and m5 were asked; their answers have 10 and 11 parts.
    private func audit(_ messages: String, mayRepeat: Bool = true) -> ChatAudit {
        ChatAudit(asked: [4, 5], messages: messages.split(separator: " ").map(message), mayRepeat: mayRepeat)
    }

    @Test(arguments: ["4 5", "4:0-2 4:3-9 5", "4 5:0-4 5:5-9 5:10-10"])
    func takesEachAnswerOnceInOrder(messages: String) {
        #expect(audit(messages).verdict == [])
        #expect(audit(messages).isComplete)
    }

    @Test(arguments: [
        "4", "5", "5 4", "4 4 5", "4 5 5", "4:0-2 5", "4 5:0-1", "4:0-2 4 5", "4 ? 5", "4:1-9 5", "4:0-2+4-9 5",
        "4 L3 5", "A4 4 5", "4 5 A5", "4 A5", "A5",
        "4 L5:5-9",
    ])
    func findsWhatIsWrong(messages: String) {
        #expect(audit(messages).verdict != [])
    }

    @Test(arguments: ["4 L4 5", "4:0-2 L4 5", "L4 5", "4 L 4 5", "4 L L 4 5", "A4 L4 5", "4:0-4 L4:0-4 4:5-9 5"])
    func takesRepeatsThatSaySoWhereTheyCannotBePrevented(messages: String) {
        let known = audit(messages)
        #expect(known.verdict == [])
        #expect(known.labelled == 1)
        #expect(audit(messages, mayRepeat: false).verdict != [])
    }
}
