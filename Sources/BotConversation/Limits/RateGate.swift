import BotCore

/// Keeps questions of each person and of each chat within their rates. Of a pause each chat is told once, with how long it lasts; what comes
/// before its end is not answered, and does not make it longer.
final class RateGate: Sendable {
    enum Verdict: Equatable {
        case go
        /// It is not answered. The sentence says why and for how long; it is said where it is the first, and else only to somebody who is
        /// shown that an answer comes.
        case refuse(String, isFirst: Bool)
    }

    /// Who asks, and where.
    struct Question: Equatable {
        /// The person's entry, as `telegram:123`; nil where no person's rate counts.
        let person: String?
        let conversation: ConversationKey
        let sentAt: Timestamp
    }

    private struct State {
        var people: RateBuckets<String>
        var chats: RateBuckets<ConversationKey>
    }

    /// So many people, and so many chats, are known at once.
    private static let capacity = 10_000

    private let state: Lock<State>

    init(_ limits: RateLimits, capacity: Int = RateGate.capacity) {
        state = Lock(
            State(
                people: RateBuckets(limits.person, capacity: capacity),
                chats: RateBuckets(limits.chat, capacity: capacity)))
    }

    /// Judges a question and, where it may go on, counts it.
    func admit(_ question: Question, at now: Timestamp) -> Verdict {
        state.withLock { state in
            let (chat, place) = (question.conversation.wholeChat, question.conversation)
            if let person = question.person, let wait = state.people.wait(for: person, at: now) {
                return .refuse(Self.sentence("You are", wait), isFirst: state.people.tell(person, in: place))
            }
            if let wait = state.chats.wait(for: chat, at: now) {
                return .refuse(Self.sentence("This chat is", wait), isFirst: state.chats.tell(chat, in: place))
            }
            // Their clock may be ahead of ours.
            let sentAt = min(question.sentAt, now)
            if let person = question.person { state.people.take(person, sentAt: sentAt, at: now) }
            state.chats.take(chat, sentAt: sentAt, at: now)
            return .go
        }
    }

    /// Takes back that a question was counted: there was nothing to answer.
    func giveBack(_ question: Question) {
        state.withLock { state in
            if let person = question.person { state.people.giveBack(person) }
            state.chats.giveBack(question.conversation.wholeChat)
        }
    }

    private static func sentence(_ who: String, _ wait: Duration) -> String {
        """
        \(who) quicker than I am. Please send this again in \(words(wait)); what comes before that I do not answer.
        """
    }

    /// As `40 seconds` or `3 minutes`: never less than what is left.
    static func words(_ wait: Duration) -> String {
        let seconds = max(1, (wait.milliseconds + 999) / 1000)
        if seconds == 1 { return "a second" }
        return seconds < 120 ? "\(seconds) seconds" : "\((seconds + 59) / 60) minutes"
    }
}
