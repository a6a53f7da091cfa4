import BotCore
import BotTestSupport

/// The answer to message number n: numbered parts, so that what stands in a chat shows which parts arrived, how often, and in which
/// order.
struct NumberedAnswer {
    let number: Int

    /// Every seventh answer is longer than one message can be.
    var parts: Int { number % 7 == 3 ? 280 : 6 + number % 9 }

    var text: String {
        "Answer to m\(number)\n" + (0..<parts).map { "m\(number):\($0); some words" }.joined(separator: "\n")
    }

    /// How the fake model sends it: after a moment, in pieces with gaps.
    var streamed: ModelAnswer {
        ModelAnswer(
            text, pieceLength: text.count / (8 + number % 7) + 1, delay: .milliseconds(20 + number * 37 % 240),
            gap: .milliseconds(30 + number * 13 % 70))
    }

    /// What a person writes to get it.
    static func question(_ number: Int) -> String { "m\(number) please" }

    /// The number in a question as the model gets it.
    static func number(in question: String) -> Int? {
        question.matches(of: #/\bm(\d+) please/#).last.flatMap { Int($0.output.1) }
    }

    /// Whether a message may be the beginning of it, as previews are, cut wherever the stream was.
    func begins(with message: String) -> Bool { !message.isEmpty && text.hasPrefix(message) }

    /// The parts that a message holds: of which answer, and which, in order.
    static func parts(in message: String) -> [(number: Int, part: Int)] {
        message.matches(of: #/m(\d+):(\d+);/#).compactMap { match in
            guard let number = Int(match.output.1), let part = Int(match.output.2) else { return nil }
            return (number, part)
        }
    }
}
