/// A place where people talk to the bot; its raw value is the session's `interface_type`.
package struct Platform: RawRepresentable, Hashable, Sendable, Codable, CustomStringConvertible {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
    package init(from decoder: any Decoder) throws { rawValue = try String(from: decoder) }
    package func encode(to encoder: any Encoder) throws { try rawValue.encode(to: encoder) }
    package var description: String { rawValue }

    package static let telegram = Platform(rawValue: "telegram")
    package static let discord = Platform(rawValue: "discord")
    /// The terminal of the machine that runs the bot: `mybot chat` and the first run.
    package static let terminal = Platform(rawValue: "terminal")
}
