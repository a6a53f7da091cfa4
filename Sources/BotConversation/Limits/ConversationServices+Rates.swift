import BotCore

/// The rates of people and chats, as turns ask for them.
extension ConversationServices {
    /// The question that events ask, as its rate counts; nil for owners, and at the machine's own terminal: they are not limited.
    func rated(_ parts: [InboxEntry]) -> RateGate.Question? {
        guard let event = parts.first?.event else { return nil }
        let platform = event.conversation.platform
        guard access.standing(of: event.speaker, on: platform, in: event.scope) != .owner else { return nil }
        return RateGate.Question(
            person: AccessEntry.person(event.speaker.id, on: platform), conversation: event.conversation,
            sentAt: event.body.message?.sentAt ?? event.receivedAt)
    }

    /// Whether a question may go on by its rate; else its events end here, at most the first of a pause with a word.
    func admit(_ question: RateGate.Question?, _ control: TurnControl) async throws(StoreError) -> Bool {
        guard let question, case .refuse(let sentence, let isFirst) = rates.admit(question, at: time.now) else {
            return true
        }
        // What comes from here on is a question of its own.
        _ = control.seal()
        for (number, part) in control.parts.enumerated() {
            if number == 0, isFirst {
                try await answer(part, sentence)
            } else {
                try await end(part, orSay: sentence)
            }
        }
        return false
    }

    /// Ends an event in silence; where the person is shown that an answer comes, with a word.
    func end(_ entry: InboxEntry, orSay word: String) async throws(StoreError) {
        let event = entry.event
        let isAwaited = delivery.awaitsAnswer(at: event.replyAddress, on: event.conversation.platform)
        try await answer(entry, isAwaited ? word : nil)
    }
}
