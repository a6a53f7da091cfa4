/// What somebody is to the bot in some chat.
package enum AccessStanding: String, Sendable, CaseIterable {
    case owner
    case admin
    /// Let in by name: everywhere.
    case member
    /// Let in by the chat, the server or a role: there alone.
    case guest
    case stranger
    /// A stranger for good: nobody is asked about them.
    case blocked

    /// Whether they are asked about strangers.
    var decides: Bool { self == .owner || self == .admin }

    package var isLetIn: Bool { self != .stranger && self != .blocked }
}
