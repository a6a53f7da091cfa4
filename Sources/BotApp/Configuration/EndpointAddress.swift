import Foundation

/// Which addresses mybot sends tokens and conversations to: https everywhere, http only to this machine and to hosts that
/// the owner named.
package enum EndpointAddress {
    /// Checks the address of a key.
    static func check(_ address: String, path: String, insecureHosts: [String]) throws(ConfigurationError) {
        guard let url = URLComponents(string: address), let scheme = url.scheme?.lowercased(), let host = url.host,
            !host.isEmpty, ["http", "https"].contains(scheme)
        else {
            throw ConfigurationError("\(path) must be an address such as https://example.org, not \(address)")
        }
        guard url.user == nil, url.password == nil else {
            throw ConfigurationError("\(path) must not hold a user name or password")
        }
        if scheme == "http", !isLoopback(host: host), !insecureHosts.contains(host) {
            throw ConfigurationError(
                "\(path) is not https: use https, or add \(host) to network.insecureHosts if you trust the way to it")
        }
    }

    /// The host of an address.
    static func host(of url: String) -> String? { URLComponents(string: url)?.host }

    /// Whether the address is on this machine.
    static func isLoopback(url: String) -> Bool {
        URLComponents(string: url)?.host.map { isLoopback(host: $0) } ?? false
    }

    /// Whether the host is this machine.
    package static func isLoopback(host: String) -> Bool {
        let bare = host.trimmingCharacters(in: CharacterSet(charactersIn: "[]")).lowercased()
        if bare == "localhost" || bare == "::1" { return true }
        let parts = bare.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.first == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}

/// The address behind `OLLAMA_HOST`, which people write as `0.0.0.0:11434`, `localhost` or a whole address.
enum OllamaHost {
    static func url(from text: String) -> String {
        var address = text.trimmingBlanks()
        let hasScheme = address.contains("://")
        if !hasScheme { address = "http://" + address }
        guard var url = URLComponents(string: address) else { return address }
        if url.host == "0.0.0.0" { url.host = "127.0.0.1" }
        if url.port == nil, !hasScheme { url.port = 11434 }
        url.path = ""
        return url.string ?? address
    }
}

/// The forms of entries of the allow-list.
enum AllowEntry {
    static func isPerson(_ entry: String) -> Bool { isLegal(entry) && entry.split(separator: ":").count == 2 }

    static func isLegal(_ entry: String) -> Bool {
        let parts = entry.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        switch parts.count {
        case 1: return entry == "*"
        case 2: return ["telegram", "discord"].contains(parts[0]) && UInt64(parts[1]) != nil
        case 3:
            if parts[0] == "telegram" { return parts[1] == "chat" && Int64(parts[2]) != nil }
            return parts[0] == "discord" && ["guild", "role"].contains(parts[1]) && UInt64(parts[2]) != nil
        default: return false
        }
    }
}
