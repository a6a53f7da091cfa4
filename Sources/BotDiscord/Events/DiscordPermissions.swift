/// What people and bots may do, as a set of bits (Permissions, "Bitwise Permission Flags"): those of which the bot makes use.
struct DiscordPermissions: OptionSet, Decodable, Sendable {
    let rawValue: UInt64

    init(rawValue: UInt64) { self.rawValue = rawValue }

    /// Discord writes the bits as a number in decimal digits. What is none permits nothing.
    init(from decoder: any Decoder) throws {
        rawValue = UInt64(try decoder.singleValueContainer().decode(String.self)) ?? 0
    }

    /// All, whatever channels say.
    static let administrator = Self(rawValue: 1 << 3)
    static let manageServer = Self(rawValue: 1 << 5)
    static let viewChannel = Self(rawValue: 1 << 10)
    static let sendMessages = Self(rawValue: 1 << 11)
    static let readMessageHistory = Self(rawValue: 1 << 16)
    /// Needed to see what is written in a voice channel.
    static let connect = Self(rawValue: 1 << 20)
    static let createPublicThreads = Self(rawValue: 1 << 35)
    static let sendMessagesInThreads = Self(rawValue: 1 << 38)
}

/// What a channel permits and forbids to one role or one member, against what the server says (Channel Resource, "Overwrite Object").
struct PermissionOverwrite: Decodable, Sendable, Equatable {
    /// The role's or the member's.
    let id: String
    let allow: DiscordPermissions
    let deny: DiscordPermissions
}
