/// Who wrote a message. Only `id` and the platform decide what somebody may do; the name is what they call themselves.
package struct Speaker: Sendable, Hashable, Codable {
    /// The person's id on the platform.
    package let id: String
    /// The display name as the platform gives it: untrusted text, cleaned where it is shown.
    package let name: String
    /// The roles that the platform says the person has in this chat (Discord role ids).
    package let roles: [String]

    package init(id: String, name: String, roles: [String] = []) {
        self.id = id
        self.name = name
        self.roles = roles
    }
}
