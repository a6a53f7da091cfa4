package import BotCore

/// One line of who may talk, or may not: a configured entry or a stored one.
package struct PeopleLine: Sendable, Equatable {
    package let entry: String
    /// The name when it was stored: untrusted text; empty where the configuration says it.
    package let name: String
    package let role: AccessRole
    /// Nil where the configuration says it.
    package let since: Timestamp?
    /// The entry of who has decided it, or how else it came (`pairing`); the key where the configuration says it.
    package let by: String
}

/// Who may talk, as it holds: of an entry that stands in several places, the one that counts. Pure.
package enum PeopleList {
    /// Configured entries first, in their order, then the stored ones in theirs.
    package static func lines(_ lists: AccessLists, _ grants: [AccessGrant]) -> [PeopleLine] {
        let policy = AccessPolicy(lists, grants: grants)
        let all = [
            (lists.owners, AccessRole.owner, "access.owners"), (lists.admins, .admin, "access.admins"),
            (lists.allow, .member, "access.allow"), (lists.block, .blocked, "access.block"),
        ]
        let configured = all.flatMap { entries, role, key in
            entries.filter { lists.key(of: $0) == key && policy.role(of: $0) == role }.map {
                PeopleLine(entry: $0, name: "", role: role, since: nil, by: key)
            }
        }
        let shown = Set(configured.map(\.entry))
        let stored = grants.filter { !shown.contains($0.entry) && policy.role(of: $0.entry) == $0.role }.map {
            PeopleLine(entry: $0.entry, name: $0.name, role: $0.role, since: $0.grantedAt, by: $0.grantedBy)
        }
        return configured + stored
    }
}
