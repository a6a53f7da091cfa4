import BotCore

/// Who is who in the server.
extension FakeDiscord {
    /// The role of those who manage the server, and one without any rights.
    package static let managers = "1100000000000000601"
    package static let readers = "1100000000000000602"

    /// Gives somebody a role of the server.
    package func give(_ role: String, to person: String) { change { $0.roles[person, default: []].append(role) } }

    func roles(of person: String, _ state: FakeDiscordState) -> JSONValue {
        .array((state.roles[person] ?? []).map { .string($0) })
    }

    /// The server; its owner is nobody else in it.
    func server(_ state: FakeDiscordState) -> JSONValue {
        func role(_ id: String, _ permissions: Int) -> JSONValue {
            .object(JSONValue.texts(["id": id, "name": "role", "permissions": "\(permissions)"]))
        }
        var json = JSONValue.texts(["id": guild, "name": "Rig", "owner_id": "1200000000000000041"])
        // VIEW_CHANNEL for all, MANAGE_GUILD for some.
        json["roles"] = .array([role(guild, 1 << 10), role(Self.managers, 1 << 5), role(Self.readers, 1 << 10)])
        return .object(json)
    }
}
