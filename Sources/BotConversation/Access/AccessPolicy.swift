package import BotCore

/// Who is let in, as it stands at one moment: closed to everybody who is not named.
///
/// Only ids decide; names never do. A person's entry lets them in everywhere, a chat's or server's entry lets in everybody
/// who writes in it, a role's entry everybody who has it. A block of any of them shuts out, whatever else lets in; owners stay, and admins can be
/// shut out by name alone.
package struct AccessPolicy: Sendable, Equatable {
    let lists: AccessLists
    /// What is stored, by entry.
    private(set) var stored: [String: AccessRole]
    private let configured: [String: AccessRole]

    /// - Parameters:
    ///   - lists: what is configured.
    ///   - grants: what is stored.
    package init(_ lists: AccessLists, grants: [AccessGrant]) {
        self.lists = lists
        stored = Dictionary(grants.map { ($0.entry, $0.role) }) { $1 }
        var configured: [String: AccessRole] = [:]
        // Of several the last one stands.
        for entry in lists.allow { configured[entry] = .member }
        for entry in lists.admins { configured[entry] = .admin }
        for entry in lists.owners { configured[entry] = .owner }
        for entry in lists.block { configured[entry] = .blocked }
        self.configured = configured
    }

    /// The policy with another role stored for an entry; nil for none.
    func storing(_ role: AccessRole?, for entry: String) -> AccessPolicy {
        var policy = self
        policy.stored[entry] = role
        return policy
    }

    /// What an entry is: as configured, or else as stored. Being let in by the configuration takes nothing from an owner or admin.
    func role(of entry: String) -> AccessRole? {
        if configured[entry] == .member, let stored = stored[entry], stored == .owner || stored == .admin {
            return stored
        }
        return configured[entry] ?? stored[entry]
    }

    /// The entries of the owners, or of all who decide about strangers.
    func people(_ roles: Set<AccessRole>) -> Set<String> {
        let all = Set(stored.keys).union(configured.keys)
        return all.filter { entry in role(of: entry).map(roles.contains) ?? false }
    }

    /// Whether nobody at all is let in (the terminal excepted).
    package var isClosedToAll: Bool { people([.owner, .admin, .member]).isEmpty }

    package func standing(of speaker: Speaker, on platform: Platform, in scope: ChatScope) -> AccessStanding {
        // Who types at the machine's own terminal could change the configuration as well.
        if platform == .terminal { return .owner }
        let own = AccessEntry.person(speaker.id, on: platform).flatMap { role(of: $0) }
        var others = speaker.roles.map { role(of: AccessEntry.role($0, on: platform)) }
        if case .shared(let space, title: _) = scope { others.append(role(of: space)) }
        switch own {
        case .owner: return .owner
        case .blocked: return .blocked
        case .admin: return .admin
        case .member, nil: break
        }
        if others.contains(.blocked) { return .blocked }
        if own == .member || role(of: AccessEntry.everyone) == .member { return .member }
        return others.contains(.member) ? .guest : .stranger
    }
}
