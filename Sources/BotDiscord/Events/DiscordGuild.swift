/// The parts of a server that say who administers it (Guild Resource).
struct DiscordGuild: Decodable, Sendable, Equatable {
    let id: String
    let owner: String
    let roles: [DiscordRole]

    private enum CodingKeys: String, CodingKey {
        case id, roles
        case owner = "owner_id"
    }

    /// Everybody has the role that has the server's own id.
    func isAdministered(by person: String, with roles: [String]) -> Bool {
        person == owner || self.roles.contains { $0.administers && ($0.id == id || roles.contains($0.id)) }
    }
}
