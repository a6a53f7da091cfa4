package import BotCore
package import Logging

/// Lets people in and keeps the rest out: the configured entries and the stored ones, and the codes that make owners and let people in.
package final class AccessControl: Sendable {
    private struct State {
        var policy: AccessPolicy
        var lastRead = 0
        var shownRead = 0
        /// Where those can be written to who decide, as far as it was noted in this run.
        var privateChats: [String: ConversationKey] = [:]
    }

    private let store: any PeopleStore
    let lists: AccessLists
    private let time: any TimeSource
    private let logger: Logger
    private let state: Lock<State>

    /// - Parameter lists: the configured entries; what is no entry changes nothing.
    package init(store: any PeopleStore, lists: AccessLists, time: any TimeSource, logger: Logger) {
        self.store = store
        self.lists = lists
        self.time = time
        self.logger = logger
        state = Lock(State(policy: AccessPolicy(lists, grants: [])))
    }

    /// Reads the stored permissions. Until it has been called only the configured entries count.
    package func load() async throws(StoreError) {
        let read = state.withLock { state in
            state.lastRead += 1
            return state.lastRead
        }
        let policy = AccessPolicy(lists, grants: try await store.grants())
        state.withLock { state in
            // Of two reads at once the one that began later knows more.
            guard read > state.shownRead else { return }
            state.shownRead = read
            state.policy = policy
        }
    }

    /// Whether anybody is let in: if not, a pairing code has to be shown at the start.
    package var hasOwnerOrAnyone: Bool { !state.withLock { $0.policy.isClosedToAll } }

    /// The entries of the owners, in a fixed order.
    var owners: [String] { policy.people([.owner]).sorted() }

    /// The entries of all who decide about strangers, in a fixed order.
    var deciders: [String] { policy.people([.owner, .admin]).sorted() }

    /// What an entry is now.
    func role(of entry: String) -> AccessRole? { policy.role(of: entry) }

    private var policy: AccessPolicy { state.withLock { $0.policy } }

    /// All that is stored, for a list.
    func grants() async throws(StoreError) -> [AccessGrant] { try await store.grants() }

    package func standing(of speaker: Speaker, on platform: Platform, in scope: ChatScope) -> AccessStanding {
        policy.standing(of: speaker, on: platform, in: scope)
    }

    /// Makes the only valid pairing code, for an hour, and returns it for the owner's eyes: it is nowhere stored or logged.
    package func makePairingCode() async throws(StoreError) -> String {
        var generator = SystemRandomNumberGenerator()
        return try await makePairingCode(using: &generator)
    }

    /// Makes a pairing code from the given randomness.
    package func makePairingCode(using generator: inout some RandomNumberGenerator) async throws(StoreError) -> String {
        let code = PairingCode.make(using: &generator)
        try await store.setPairingCode(hash: PairingCode.hash(of: code), expiresAt: time.now + PairingCode.lifetime)
        return code
    }

    /// Makes somebody an owner, or lets them in, if the code is right.
    func redeem(_ code: String, of event: InboundEvent) async throws(StoreError) -> PairingResult {
        guard let person = event.person else { return .lockedOut }
        let result = try await store.redeem(
            hash: PairingCode.hash(of: code), person: person, name: DisplayName.cleaned(event.speaker.name),
            in: event.conversation, tries: PairingCode.tries, at: time.now)
        switch result {
        case .paired:
            logger.notice("owner paired", metadata: ["access.entry": "\(person)"])
            took(.owner, for: person)
        case .invited:
            logger.notice("let in by an invite", metadata: ["access.entry": "\(person)"])
            if role(of: person) == nil { took(.member, for: person) }
        case .wrong, .lockedOut:
            logger.warning("wrong code", metadata: ["access.entry": "\(person)"])
        case .noCode:
            break
        }
        return result
    }

    /// Makes an invite and returns its code for the eyes of who asked: it is nowhere stored or logged. Nil when too many are valid.
    func makeInvite(uses: Int, by maker: String) async throws(StoreError) -> String? {
        var generator = SystemRandomNumberGenerator()
        let code = PairingCode.make(using: &generator)
        let invite = Invite(
            hash: PairingCode.hash(of: code), uses: uses, madeBy: maker,
            expiresAt: time.now + PairingCode.inviteLifetime)
        guard try await store.addInvite(invite, limit: PairingCode.mostInvites, at: time.now) else { return nil }
        logger.notice("invite made", metadata: ["access.by": "\(maker)", "invite.uses": "\(uses)"])
        return code
    }

    /// Notes where somebody who decides can be written to, if that is news. Returns whether it was.
    func notePrivateChat(of event: InboundEvent) async throws(StoreError) -> Bool {
        guard let person = event.person, !event.scope.isShared, event.conversation.platform != .terminal,
            state.withLock({ $0.privateChats[person] }) != event.conversation
        else { return false }
        try await store.notePrivateChat(event.conversation, of: person)
        return state.withLock { state in
            // Only those who decide are noted, so that these stay few.
            let isFirst = state.privateChats[person] == nil
            state.privateChats[person] = event.conversation
            return isFirst
        }
    }

    /// Lets everybody in a chat or server in.
    func letIn(space: String, title: String, by speaker: Speaker, on platform: Platform) async throws(StoreError) {
        let granter = AccessEntry.person(speaker.id, on: platform) ?? platform.rawValue
        try await store.grant(
            AccessGrant(
                entry: space, role: .member, name: DisplayName.cleaned(title), grantedBy: granter, grantedAt: time.now))
        logger.notice("space let in", metadata: ["access.entry": "\(space)", "access.by": "\(granter)"])
        took(.member, for: space)
    }

    /// What is to be stored for a chat that has moved, where the configuration names it by its old name; nil where it does not.
    func grant(for space: String, insteadOf old: String) -> AccessGrant? {
        let role: AccessRole
        switch lists.key(of: old) {
        case "access.block": role = .blocked
        case nil: return nil
        default: role = .member
        }
        return AccessGrant(entry: space, role: role, name: "", grantedBy: old, grantedAt: time.now)
    }

    /// Takes in that a chat has moved and its permission with it. What came under the old name and is still handled stays as it was.
    func moved(_ old: String, to space: String) {
        guard let role = policy.role(of: old) else { return }
        took(role, for: space)
    }

    /// Takes in what was just stored without reading it back: a read that fails would leave an owner outside, and the code is
    /// used up.
    func took(_ role: AccessRole?, for entry: String) {
        state.withLock { state in
            // Reads that began before do not know of it.
            state.lastRead += 1
            state.shownRead = state.lastRead
            state.policy = state.policy.storing(role, for: entry)
        }
    }
}

extension InboundEvent {
    /// The entry of who has done it; nil for an id that could be taken for an entry of another kind.
    var person: String? { AccessEntry.person(speaker.id, on: conversation.platform) }
}
