import BotCore

/// Knows who administers shared chats: asks the platform when it matters, and remembers the answer for some minutes.
final class ChatAdministrators: Sendable {
    private struct Person: Hashable {
        let scope: ChatScope
        let id: String
    }

    private struct Answer {
        let isAdministrator: Bool
        let until: Duration
    }

    /// A yes is believed longer than a no, which somebody may be about to mend.
    private static let yesHolds = Duration.seconds(300)
    private static let noHolds = Duration.seconds(60)

    private let delivery: any ReplyDelivery
    private let time: any TimeSource
    private let answers = Lock(RecentMap<Person, Answer>(capacity: 1000))

    init(delivery: any ReplyDelivery, time: any TimeSource) {
        self.delivery = delivery
        self.time = time
    }

    /// Whether who has done something administers the chat that it was done in; nil when the platform does not say.
    func contain(_ speaker: Speaker, in scope: ChatScope, on platform: Platform) async -> Bool? {
        let person = Person(scope: scope, id: speaker.id)
        if let known = answers.withLock({ $0[person] }), time.uptime < known.until { return known.isAdministrator }
        guard let answer = await delivery.administers(speaker, scope, on: platform) else { return nil }
        let until = time.uptime + (answer ? Self.yesHolds : Self.noHolds)
        answers.withLock { $0.set(Answer(isAdministrator: answer, until: until), for: person) }
        return answer
    }
}
