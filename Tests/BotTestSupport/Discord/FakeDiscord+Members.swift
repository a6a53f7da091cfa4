import BotCore

/// Who is who in the server.
extension FakeDiscord {
    /// The role of those who manage the server, and one without any rights.
    package static let managers = "1100000000000000601"
    package static let readers = "1100000000000000602"
    /// The role that Discord makes for the bot when it is invited with permissions.
    package static let botRole = "1100000000000000603"

    /// Gives the bot its role, which the next session is told.
    package func giveOwnRole() { change { $0.hasOwnRole = true } }

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
        // VIEW_CHANNEL and READ_MESSAGE_HISTORY for all, MANAGE_GUILD for some.
        var roles = [role(guild, 1 << 10 | 1 << 16), role(Self.managers, 1 << 5), role(Self.readers, 1 << 10)]
        if state.hasOwnRole {
            var own = JSONValue.texts(["id": Self.botRole, "name": "rigbot", "permissions": "1024"])
            own["managed"] = .bool(true)
            own["tags"] = .object(["bot_id": .string(botID)])
            roles.append(.object(own))
        }
        json["roles"] = .array(roles)
        return .object(json)
    }
}
