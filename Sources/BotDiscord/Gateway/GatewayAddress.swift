import FoundationEssentials

/// An address of the gateway that may be given the bot's token: `wss` under `discord.gg`, or loopback while the REST API is
/// on loopback too. Anything else would be a way to collect the token.
struct GatewayAddress: Sendable, Hashable {
    /// The address with protocol version and encoding, as it is connected to.
    let url: String

    /// Checks an address that Discord gave; nil when it must not get the token.
    init?(_ text: String, allowLoopback: Bool) {
        guard !text.contains("\\"), var parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
            let host = parts.host?.lowercased(), parts.user == nil, parts.password == nil
        else { return nil }
        let isDiscord = scheme == "wss" && (host == "discord.gg" || host.hasSuffix(".discord.gg"))
        let isLocal = allowLoopback && (scheme == "ws" || scheme == "wss") && Self.isLoopback(host)
        guard isDiscord || isLocal else { return nil }
        if parts.path.isEmpty { parts.path = "/" }
        parts.fragment = nil
        parts.percentEncodedQuery = "v=10&encoding=json"
        guard let url = parts.string else { return nil }
        self.url = url
    }

    /// Whether an address of the REST API is on this machine.
    static func isLoopback(url: String) -> Bool {
        guard let host = URLComponents(string: url)?.host else { return false }
        return isLoopback(host.lowercased())
    }

    private static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host == "::1" || host == "[::1]" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
