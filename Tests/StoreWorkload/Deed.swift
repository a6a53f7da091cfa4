package import BotCore

/// One thing that somebody does in a chat. What it is follows from seed, chat and number alone, so that a writer that was killed
/// does the same again, and whoever looks at the database knows what has to be there.
package struct Deed: Sendable {
    package enum Kind: Sendable {
        /// A message of a person and the model's answer.
        case exchange
        /// A message of a person to whom the model gives no answer.
        case unanswered
        /// Both messages of an exchange, put into the log without a turn.
        case appended
        case reset
        /// Taking the last reset or the last exchange back.
        case undone
        /// Another answer to the newest message of the person.
        case retried
        /// A summary of what no summary covers.
        case summarised
        /// Taking the summary back.
        case unsummarised
        /// A member of the session's state, and one call of a tool.
        case noted
    }

    package let chat: Int
    package let number: Int
    package let kind: Kind
    private let lengths: [Int]

    package init(seed: UInt64, chat: Int, number: Int) {
        self.chat = chat
        self.number = number
        var random = SeededRandom(seed: seed ^ (UInt64(chat) << 40) ^ UInt64(number))
        kind =
            switch Int.random(in: 0..<20, using: &random) {
            case 0..<7: .exchange
            case 7: .unanswered
            case 8..<12: .appended
            case 12: .reset
            case 13, 14: .undone
            case 15, 16: .retried
            case 17: .summarised
            case 18: .unsummarised
            default: .noted
            }
        // Most texts are short; some fill pages of the database.
        lengths = (0..<2).map { _ in
            Int.random(in: 0..<30, using: &random) == 0
                ? Int.random(in: 2_000..<20_000, using: &random) : Int.random(in: 0..<200, using: &random)
        }
    }

    /// Who says something in it, in order.
    package var roles: [Role] {
        switch kind {
        case .exchange, .appended: [.user, .assistant]
        case .unanswered: [.user]
        case .retried: [.assistant]
        case .reset, .undone, .summarised, .unsummarised, .noted: []
        }
    }

    /// Whether its messages may be missing when it is done: there may be nothing to answer again.
    package var maySayNothing: Bool { kind == .retried }

    /// Whether it changes what of the log is shown, other than by adding to it.
    package var changesView: Bool {
        switch kind {
        case .reset, .undone, .retried, .summarised, .unsummarised: true
        case .exchange, .unanswered, .appended, .noted: false
        }
    }

    /// Whether it begins a turn.
    package var hasTurn: Bool { kind == .exchange || kind == .unanswered || kind == .retried }

    /// How many further messages of its reply are opened while it is made, and how many messages the reply has in the end.
    package var openedMessages: Int { number % 4 }
    package var chunks: Int { 1 + number % 2 }

    /// The unique text of one of its messages.
    package func text(_ part: Int) -> String {
        let words = "\(Place(chat: chat, deed: number, part: part).text) "
        return words + String(repeating: "x\(part) ", count: lengths[part] / 3)
    }

    /// Unique in its chat.
    package var externalID: String { "d\(number)" }

    /// Which message a text is.
    package struct Place: Sendable, Hashable, Comparable, CustomStringConvertible {
        package let chat: Int
        package let deed: Int
        package let part: Int

        package init(chat: Int, deed: Int, part: Int) {
            (self.chat, self.deed, self.part) = (chat, deed, part)
        }

        /// The place that a text begins with; nil when it is none.
        package init?(of text: String) {
            let words = text.split(separator: " ", maxSplits: 1).first?.split(separator: "/").map { Int($0) } ?? []
            guard words.count == 3, let chat = words[0], let deed = words[1], let part = words[2] else { return nil }
            self.init(chat: chat, deed: deed, part: part)
        }

        package var text: String { "\(chat)/\(deed)/\(part)" }
        package var description: String { text }

        package static func < (left: Place, right: Place) -> Bool {
            (left.chat, left.deed, left.part) < (right.chat, right.deed, right.part)
        }
    }
}
