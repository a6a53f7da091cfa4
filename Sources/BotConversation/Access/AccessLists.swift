/// What the configuration says about people. It stands above what is decided in chats.
package struct AccessLists: Sendable, Equatable {
    /// `access.allow`: people, chats, servers, roles, or `*` for everyone.
    package var allow: [String]
    /// `access.owners`: people.
    package var owners: [String]
    /// `access.admins`: people.
    package var admins: [String]
    /// `access.block`: as `allow`, without `*`.
    package var block: [String]

    package init(allow: [String] = [], owners: [String] = [], admins: [String] = [], block: [String] = []) {
        self.allow = allow
        self.owners = owners
        self.admins = admins
        self.block = block
    }

    /// The key under which an entry stands; nil where it stands nowhere. A block is named first, because it holds.
    func key(of entry: String) -> String? {
        if block.contains(entry) { return "access.block" }
        if owners.contains(entry) { return "access.owners" }
        if admins.contains(entry) { return "access.admins" }
        return allow.contains(entry) ? "access.allow" : nil
    }
}
