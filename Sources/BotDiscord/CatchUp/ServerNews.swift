/// Where in a server something was written, as far as a member may read it.
extension DiscordServer {
    /// The channels and threads with messages after the given one, those with the newest first.
    ///
    /// - Parameter reader: the user id of the bot. One of whom the server does not tell may read everything: then Discord decides.
    func places(withNewsAfter message: Int64, for reader: String) -> [String] {
        let news = places.filter { $0.takesMessages && $0.newestMessage ?? 0 > message && mayRead($0, reader) }
        return news.sorted { $0.newestMessage ?? 0 > $1.newestMessage ?? 0 }.map(\.id)
    }

    private func mayRead(_ place: ServerPlace, _ reader: String) -> Bool {
        guard let member = members.first(where: { $0.user?.id == reader }), roles.contains(where: { $0.id == id })
        else {
            return true
        }
        let ruling = place.isThread ? places.first { $0.id == place.parent } ?? place : place
        var needed: DiscordPermissions = [.viewChannel, .readMessageHistory]
        if ruling.isVoice { needed.insert(.connect) }
        return permissions(of: reader, with: member.roles, under: ruling.overwrites).isSuperset(of: needed)
    }

    /// What a member may do in a channel (Permissions, "Permission Overwrites"): what is told of all comes first, then of roles, then of the
    /// member; where two roles differ, the one that permits wins.
    private func permissions(
        of member: String, with ownRoles: [String], under overwrites: [PermissionOverwrite]
    ) -> DiscordPermissions {
        // Everybody has the role that has the server's own id.
        let own = roles.filter { $0.id == id || ownRoles.contains($0.id) }
        var permissions = own.reduce(into: DiscordPermissions()) { $0.formUnion($1.permissions) }
        if member == owner || permissions.contains(.administrator) {
            return DiscordPermissions(rawValue: .max)
        }
        let steps = [
            overwrites.filter { $0.id == id }, overwrites.filter { ownRoles.contains($0.id) },
            overwrites.filter { $0.id == member },
        ]
        for step in steps {
            for overwrite in step { permissions.subtract(overwrite.deny) }
            for overwrite in step { permissions.formUnion(overwrite.allow) }
        }
        return permissions
    }
}
