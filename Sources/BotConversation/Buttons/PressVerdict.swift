import BotCore
import BotSessions

/// What becomes of a press: done, or refused with a notice for the person alone. Pure.
enum PressVerdict: Equatable {
    /// What a press is judged by.
    struct Facts: Equatable {
        /// What the person who pressed is to the bot.
        let access: AccessStanding
        /// What the button means now; nil when it means nothing (any more). Not asked for on behalf of strangers.
        var button: ButtonStanding?
        /// The request that the button decides about; nil when there is none (any more).
        var request: AdmissionRequest?
        var rights = Rights()
    }

    case act(ReplyAction)
    /// Whether the person is an administrator of the chat decides.
    case askPlatform
    case refuse(String)
    /// As `refuse`, but nobody else can do anything with the button either.
    case outdated(String)

    static let unknown = "This button does nothing any more."
    static let outdatedAnswer = "This is no longer the newest answer."
    static let outdatedReset = "This can no longer be taken back."

    /// - Parameters:
    ///   - isShared: whether the conversation is not the person's alone.
    ///   - isAdministrator: whether the person is an administrator of the chat; nil when that was not asked.
    static func of(
        _ press: ButtonPress, by speaker: Speaker, isShared: Bool, _ facts: Facts, isAdministrator: Bool? = nil
    ) -> PressVerdict {
        // Before anything is said about what there is.
        guard facts.access.isLetIn else { return .refuse(Rights.stranger) }
        guard let action = press.action else { return .refuse(unknown) }
        if !action.isDecision {
            guard let button = facts.button, button.isCurrent else { return .refuse(outdated(action)) }
        }
        let verdict = facts.rights.verdict(
            on: action.deed, by: facts.access, isAuthor: facts.button?.person == speaker.id,
            author: facts.button?.name, isAdministrator: isAdministrator, isShared: isShared)
        switch verdict {
        case .askPlatform: return .askPlatform
        case .refused(let sentence): return .refuse(sentence)
        case .allowed: break
        }
        guard action.isDecision else { return .act(action) }
        guard let request = facts.request else { return .outdated(AdmissionText.gone) }
        return request.state == .asked ? .act(action) : .outdated(AdmissionText.decidedBefore(request))
    }

    private static func outdated(_ action: ReplyAction) -> String {
        switch action {
        case .retry, .resume: outdatedAnswer
        case .undoReset: outdatedReset
        case .decide: AdmissionText.gone
        }
    }
}

extension ReplyAction {
    /// What it is to the rights.
    var deed: Deed {
        switch self {
        case .retry, .resume: .again
        case .undoReset: .undoReset
        case .decide: .people
        }
    }

    /// Whether it decides about a stranger.
    var isDecision: Bool { if case .decide = self { true } else { false } }
}

extension ConversationServices {
    /// What a press is judged by, as things stand now.
    func facts(of press: ButtonPress, in event: InboundEvent) async throws(StoreError) -> PressVerdict.Facts {
        let standing = access.standing(of: event.speaker, on: event.conversation.platform, in: event.scope)
        var facts = PressVerdict.Facts(access: standing, rights: settings.rights)
        guard standing.isLetIn, let action = press.action else { return facts }
        if case .decide(let request, _) = action {
            facts.request = try await store.admission(request, AdmissionRules(), at: time.now)
        } else {
            facts.button = try await sessions.standing(of: action, in: event.conversation)
        }
        return facts
    }
}
