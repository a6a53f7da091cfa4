import BotCore
import BotSessions

/// Does what a button asks for, in its turn: the press is an event of its chat like any other, stored and handled once.
///
/// Who may is asked once more, for the press may have waited. Whether it is still current is asked by the transaction that does it: after a crash
/// only that knows whether the press itself has begun what is newer.
struct PressHandler: Sendable {
    let services: ConversationServices

    func handle(_ press: ButtonPress, of entry: InboxEntry, _ control: TurnControl) async throws(StoreError) {
        let event = entry.event
        let facts = try await services.patiently { () async throws(StoreError) in
            try await services.facts(of: press, in: event)
        }
        guard let action = press.action, await mayDo(action, facts, event) else {
            // The person has been told: see `PressDesk`.
            return try await services.answer(entry, nil)
        }
        switch action {
        case .retry(let turn):
            try await MessageTurn(services: services).run(.again(after: turn), control)
        case .resume(let turn):
            try await MessageTurn(services: services).run(.resume(after: turn), control)
        case .undoReset(let reset): try await undo(reset, entry)
        case .decide(let request, let verdict):
            try await services.decide(verdict, about: .request(request), by: entry)
        }
    }

    /// Whether the person may press the button, whether it is current or not.
    private func mayDo(_ action: ReplyAction, _ facts: PressVerdict.Facts, _ event: InboundEvent) async -> Bool {
        guard action.isDecision || facts.button != nil else { return false }
        let author = facts.button.flatMap { button in button.person.map { ($0, button.name ?? "") } }
        return await services.refusal(of: action.deed, for: event, author: author) == nil
    }

    private func undo(_ reset: InboxID, _ entry: InboxEntry) async throws(StoreError) {
        let (delivery, platform) = (services.delivery, entry.event.conversation.platform)
        let request = CommandRequest(
            conversation: .key(entry.event.conversation), event: entry.id, at: services.time.now,
            person: entry.event.asker)
        let outcome = try await services.patiently { () async throws(StoreError) in
            try await services.sessions.undoReset(reset, request) {
                delivery.render(UndoCommand.confirmation(of: .reset(messages: $0), on: platform), for: platform)
            }
        }
        services.carryOut(outcome)
    }
}

extension InboundEvent {
    /// The platform's id of the person who asks, in shared chats; in private it is always the same one.
    var asker: String? { scope.isShared ? speaker.id : nil }
}
