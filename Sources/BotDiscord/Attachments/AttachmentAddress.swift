import FoundationEssentials

/// An address that attachments may be loaded from: https on one of the hosts that Discord keeps them at, or loopback while the REST API
/// is on loopback too. It is signed (Reference, "Signed Attachment CDN URLs"), so it is never logged.
struct AttachmentAddress: Sendable, Hashable {
    private static let hosts: Set<String> = ["cdn.discordapp.com", "media.discordapp.net"]

    let url: String

    /// Checks an address that came with a message; nil when nothing may be loaded from it.
    init?(_ text: String, allowLoopback: Bool) {
        guard !text.contains("\\"), let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
            let host = parts.host?.lowercased(), parts.user == nil, parts.password == nil
        else { return nil }
        let isDiscord = scheme == "https" && Self.hosts.contains(host) && [nil, 443].contains(parts.port)
        let isLocal = allowLoopback && (scheme == "http" || scheme == "https") && GatewayAddress.isLoopback(url: text)
        guard isDiscord || isLocal else { return nil }
        url = text
    }
}
