import BotCore
import BotSessions

/// What becomes of a press: done, or refused with a notice for the person alone. Pure.
enum PressVerdict: Equatable {
    /// What a press is judged by.
    struct Facts: Equatable {
        /// What the person who pressed is to the bot.
        let access: AccessStanding
        /// What the button means now; nil when it means nothing (any more). Not asked for on behalf of strangers.
        let button: ButtonStanding?
    }

    case act(ReplyAction)
    case refuse(String)

    static let unknown = "This button does nothing any more."
    static let stranger = "Only people whom my owner has let in can use this."
    static let outdatedAnswer = "This is no longer the newest answer."
    static let outdatedReset = "This can no longer be taken back."

    static func of(_ press: ButtonPress, by speaker: Speaker, in scope: ChatScope, _ facts: Facts) -> PressVerdict {
        // Before anything is said about what there is.
        guard facts.access.isLetIn else { return .refuse(stranger) }
        guard let action = press.action else { return .refuse(unknown) }
        guard let button = facts.button, button.isCurrent else { return .refuse(outdated(action)) }
        guard isAllowed(speaker, in: scope, facts) else { return .refuse(notTheirs(action, name: button.name)) }
        return .act(action)
    }

    /// Whether the person may press the button, whether it is current or not: in private everybody who is let in, in shared chats who
    /// had asked, or the owner.
    static func isAllowed(_ speaker: Speaker, in scope: ChatScope, _ facts: Facts) -> Bool {
        guard facts.access.isLetIn, let button = facts.button else { return false }
        return !scope.isShared || facts.access == .owner || button.person == speaker.id
    }

    private static func outdated(_ action: ReplyAction) -> String {
        switch action {
        case .retry, .resume: outdatedAnswer
        case .undoReset: outdatedReset
        }
    }

    private static func notTheirs(_ action: ReplyAction, name: String?) -> String {
        switch action {
        case .retry, .resume: "Only \(name ?? "the person who asked") can do that."
        case .undoReset: "Only the person who did this can take it back."
        }
    }
}

extension ConversationServices {
    /// What a press is judged by, as things stand now.
    func facts(of press: ButtonPress, in event: InboundEvent) async throws(StoreError) -> PressVerdict.Facts {
        let standing = access.standing(of: event.speaker, on: event.conversation.platform, in: event.scope)
        var button: ButtonStanding?
        if standing.isLetIn, let action = press.action {
            button = try await sessions.standing(of: action, in: event.conversation)
        }
        return PressVerdict.Facts(access: standing, button: button)
    }
}
