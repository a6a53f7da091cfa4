import BotCore

/// Who may do what, where: one table. Pure.
///
/// Nobody may do anything who is not let in, whatever else they are.
package struct Rights: Sendable, Equatable {
    /// A reason for which somebody may do something.
    package enum Holder: String, Sendable, CaseIterable {
        case owner, admin
        /// Administrators of the chat, as the platform has them.
        case administrator
        /// Whose turn, question or deed it is.
        case author
        case member, guest
    }

    /// What becomes of a deed.
    package enum Verdict: Sendable, Equatable {
        case allowed
        /// Whether the person is an administrator of the chat decides.
        case askPlatform
        /// They may not; the sentence says who may.
        case refused(String)
    }

    private static let staff: Set<Holder> = [.owner, .admin]
    private static let letIn: Set<Holder> = [.owner, .admin, .member, .guest]

    /// What all may do in shared chats who are let in (`access.openCommands`).
    private let open: Set<Deed>

    package init(open: Set<Deed> = []) { self.open = open }

    /// For which reasons a deed is allowed.
    package func holders(of deed: Deed, isShared: Bool) -> Set<Holder> {
        switch deed {
        case .people, .problems: return Self.staff
        case .admins: return [.owner]
        case .stop, .again, .reset, .undo, .undoReset, .forget, .export, .model: break
        }
        // In private a person's chat is their own.
        if !isShared || open.contains(deed) { return Self.letIn }
        switch deed {
        case .stop: return Self.staff.union([.administrator, .author])
        case .again: return Self.staff.union([.author])
        case .export: return [.owner]
        case .undoReset: return holders(of: .undo, isShared: true).union([.author])
        default: return Self.staff.union([.administrator])
        }
    }

    /// Whether somebody may do something.
    ///
    /// - Parameters:
    ///   - isAuthor: whether the turn, question or deed is theirs that it is about.
    ///   - author: the cleaned name of whose it is, for the sentence.
    ///   - isAdministrator: whether they are an administrator of the chat; nil when that was not asked.
    package func verdict(
        on deed: Deed, by standing: AccessStanding, isAuthor: Bool = false, author: String? = nil,
        isAdministrator: Bool? = nil, isShared: Bool
    ) -> Verdict {
        guard standing.isLetIn, let own = Holder(rawValue: standing.rawValue) else { return .refused(Self.stranger) }
        let holders = holders(of: deed, isShared: isShared)
        if holders.contains(own) || isAuthor && holders.contains(.author) { return .allowed }
        if holders.contains(.administrator), isAdministrator != false {
            return isAdministrator == true ? .allowed : .askPlatform
        }
        return .refused(Self.refusal(of: deed, author: author))
    }

    // MARK: - Texts

    static let stranger = "Only people whom my owner has let in can use this."
    /// Behind a refusal, where the platform did not say who administers the chat.
    static let unclear =
        "I could not find out whether you administer this chat: if you do, please try again in a moment."

    private static func refusal(of deed: Deed, author: String?) -> String {
        let asker = author.flatMap { $0.isEmpty ? nil : $0 } ?? "the person who asked"
        let others = "Others talk here too: only the administrators of this chat and my owner can"
        return switch deed {
        case .stop: "Only \(asker), the administrators of this chat and my owner can stop this answer."
        case .again: "Only \(asker) can do that."
        case .reset: "\(others) clear what I remember of it."
        case .undo: "\(others) take something back in it."
        case .undoReset: "Only the person who did this and the administrators of this chat can take it back."
        case .forget: "\(others) erase this conversation."
        case .export: "Others talk here too: only my owner can take this conversation with them."
        case .model: "\(others) switch the model. /model shows which one answers."
        case .people: "Only my owner and my admins can do this."
        case .admins, .problems: "Only my owner can do this."
        }
    }
}
