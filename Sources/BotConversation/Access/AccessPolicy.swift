package import BotCore

/// What somebody is to the bot in some chat.
package enum AccessStanding: Sendable, Equatable {
    case owner
    case member
    case stranger

    package var isLetIn: Bool { self != .stranger }
}

/// Who is let in, as it stands at one moment: closed to everybody who is not named.
///
/// Only ids decide; names never do. A person's entry lets them in everywhere, a chat's or server's entry lets in everybody
/// who writes in it, a role's entry everybody who has it.
package struct AccessPolicy: Sendable, Equatable {
    /// The entries of the owners.
    private(set) var owners: Set<String>
    private var members: Set<String>

    /// - Parameters:
    ///   - allow: the configured entries.
    ///   - grants: the stored ones.
    package init(allow: [String], grants: [AccessGrant]) {
        owners = Set(grants.lazy.filter { $0.role == .owner }.map(\.entry))
        members = Set(allow).union(grants.lazy.filter { $0.role == .member }.map(\.entry))
    }

    /// The policy with one more stored entry.
    func adding(_ entry: String, as role: AccessRole) -> AccessPolicy {
        var policy = self
        switch role {
        case .owner: policy.owners.insert(entry)
        case .member: policy.members.insert(entry)
        }
        return policy
    }

    /// Whether a chat or server has an entry.
    func letsIn(space: String) -> Bool { members.contains(space) }

    /// Whether nobody at all is let in (the terminal excepted).
    package var isClosedToAll: Bool { owners.isEmpty && members.isEmpty }

    package func standing(of speaker: Speaker, on platform: Platform, in scope: ChatScope) -> AccessStanding {
        // Who types at the machine's own terminal could change the configuration as well.
        if platform == .terminal { return .owner }
        let person = AccessEntry.person(speaker.id, on: platform)
        if let person, owners.contains(person) { return .owner }
        if members.contains(AccessEntry.everyone) { return .member }
        if let person, members.contains(person) { return .member }
        if case .shared(let space, title: _) = scope, members.contains(space) { return .member }
        if speaker.roles.contains(where: { members.contains(AccessEntry.role($0, on: platform)) }) { return .member }
        return .stranger
    }
}
