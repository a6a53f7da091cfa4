/// Which web addresses Telegram takes for a link. It refuses the whole message for one that it does not take, so this is
/// at least as strict as TDLib (`LinkManager::check_link`, `parse_url`).
enum WebAddress {
    /// Telegram's own limit is higher; nothing useful is longer.
    static let maxLength = 2048

    /// Whether an address of http or https can be a link. One with a user's name in it cannot: it looks like another host.
    static func isLinkable(_ address: some StringProtocol) -> Bool {
        guard address.utf8.count <= maxLength, let host = hostAndPort(address) else { return false }
        let parts = host.split(separator: ":", omittingEmptySubsequences: false)
        guard let name = parts.first, parts.count <= 2, name.contains("."), name.contains(where: { $0 != "." }),
            name.unicodeScalars.allSatisfy({ $0.isASCIIWord || ".-_".unicodeScalars.contains($0) || isLetter($0) })
        else { return false }
        guard parts.count == 2 else { return true }
        return parts[1].utf8.allSatisfy { (0x30...0x39).contains($0) } && UInt16(parts[1]).map { $0 > 0 } ?? false
    }

    private static func hostAndPort(_ address: some StringProtocol) -> String? {
        for scheme in ["http://", "https://"] where address.prefix(scheme.count).lowercased() == scheme {
            return String(address.dropFirst(scheme.count).prefix { !"/?#".contains($0) })
        }
        return nil
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool { !scalar.isASCII && scalar.isWord }
}
