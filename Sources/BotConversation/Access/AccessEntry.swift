package import BotCore

/// Spells the entries of the allow-list: `telegram:123`, `telegram:chat:-100123`, `discord:guild:789`,
/// `discord:role:1011`, or `*` for everyone.
package enum AccessEntry {
    /// Lets everybody in.
    package static let everyone = "*"

    /// A person's entry; nil for an id that could be taken for an entry of another kind.
    package static func person(_ id: String, on platform: Platform) -> String? {
        id.isEmpty || id.contains(":") ? nil : "\(platform):\(id)"
    }

    /// The entry of a chat (Telegram).
    package static func chat(_ id: String, on platform: Platform) -> String { "\(platform):chat:\(id)" }

    /// The person whose entry a text is; nil for an entry of another kind.
    static func person(in entry: String) -> (id: String, platform: Platform)? {
        let parts = entry.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
        return (String(parts[1]), Platform(rawValue: String(parts[0])))
    }

    /// Whether a text is a person's entry.
    package static func isPerson(_ text: String) -> Bool { isWellFormed(text) && person(in: text) != nil }

    /// A role's entry (Discord).
    package static func role(_ id: String, on platform: Platform) -> String { "\(platform):role:\(id)" }

    /// Whether a text can be an entry at all, for the check of the configuration.
    package static func isWellFormed(_ text: String) -> Bool {
        if text == everyone { return true }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard let platform = parts.first, let id = parts.last, !platform.isEmpty else { return false }
        let digits = id.hasPrefix("-") ? id.dropFirst() : id
        guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return false }
        switch (platform, parts.count) {
        case ("telegram", 2), ("discord", 2): return true
        case ("telegram", 3): return parts[1] == "chat"
        case ("discord", 3): return parts[1] == "guild" || parts[1] == "role"
        default: return false
        }
    }
}
