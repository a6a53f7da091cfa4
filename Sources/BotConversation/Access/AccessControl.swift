package import BotCore
package import Logging

/// Lets people in and keeps the rest out: the configured entries and the stored ones, and the pairing of an owner.
package final class AccessControl: Sendable {
    private struct State {
        var policy: AccessPolicy
        var lastRead = 0
        var shownRead = 0
    }

    private let store: any PeopleStore
    private let allow: [String]
    private let time: any TimeSource
    private let logger: Logger
    private let state: Lock<State>

    /// - Parameter allow: `access.allow` of the configuration; what is no entry lets nobody in.
    package init(store: any PeopleStore, allow: [String], time: any TimeSource, logger: Logger) {
        self.store = store
        self.allow = allow
        self.time = time
        self.logger = logger
        state = Lock(State(policy: AccessPolicy(allow: allow, grants: [])))
    }

    /// Reads the stored permissions. Until it has been called only the configured entries count.
    package func load() async throws(StoreError) {
        let read = state.withLock { state in
            state.lastRead += 1
            return state.lastRead
        }
        let policy = AccessPolicy(allow: allow, grants: try await store.grants())
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
    var owners: [String] { state.withLock { $0.policy.owners }.sorted() }

    package func standing(of speaker: Speaker, on platform: Platform, in scope: ChatScope) -> AccessStanding {
        state.withLock { $0.policy }.standing(of: speaker, on: platform, in: scope)
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

    /// Makes somebody an owner if the code is right.
    func redeem(_ code: String, by speaker: Speaker, on platform: Platform) async throws(StoreError) -> PairingResult {
        guard let person = AccessEntry.person(speaker.id, on: platform) else { return .lockedOut }
        let result = try await store.redeemPairingCode(
            hash: PairingCode.hash(of: code), person: person, name: DisplayName.cleaned(speaker.name),
            tries: PairingCode.tries, at: time.now)
        switch result {
        case .paired:
            logger.notice("owner paired", metadata: ["access.entry": "\(person)"])
            letIn(person, as: .owner)
        case .wrong, .lockedOut:
            logger.warning("wrong pairing code", metadata: ["access.entry": "\(person)"])
        case .noCode:
            break
        }
        return result
    }

    /// Lets everybody in a chat or server in.
    func letIn(space: String, title: String, by speaker: Speaker, on platform: Platform) async throws(StoreError) {
        let granter = AccessEntry.person(speaker.id, on: platform) ?? platform.rawValue
        try await store.grant(
            AccessGrant(
                entry: space, role: .member, name: DisplayName.cleaned(title), grantedBy: granter, grantedAt: time.now))
        logger.notice("space let in", metadata: ["access.entry": "\(space)", "access.by": "\(granter)"])
        letIn(space, as: .member)
    }

    /// The permission to be stored for a chat that has moved, where the configuration lets it in under its old name; nil where it does not.
    func grant(for space: String, insteadOf old: String) -> AccessGrant? {
        guard allow.contains(old) else { return nil }
        return AccessGrant(entry: space, role: .member, name: "", grantedBy: old, grantedAt: time.now)
    }

    /// Takes in that a chat has moved and its permission with it. What came under the old name and is still handled stays let in.
    func moved(_ old: String, to space: String) {
        guard state.withLock({ $0.policy }).letsIn(space: old) else { return }
        letIn(space, as: .member)
    }

    /// Takes in what was just stored without reading it back: a read that fails would leave an owner outside, and the code is
    /// used up.
    private func letIn(_ entry: String, as role: AccessRole) {
        state.withLock { state in
            // Reads that began before do not know of it.
            state.lastRead += 1
            state.shownRead = state.lastRead
            state.policy = state.policy.adding(entry, as: role)
        }
    }
}
