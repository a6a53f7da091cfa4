import BotHTTP

/// The parts of a `ws` or `wss` address.
struct WebSocketAddress: Equatable {
    /// The address of the connection as libcurl takes it: `https` for `wss`, `http` for `ws`, without a path.
    let connectURL: String
    /// The value of the `Host` field: the host, and the port where it is not the scheme's own.
    let host: String
    /// What is requested: path and query.
    let target: String

    /// Reads an address.
    ///
    /// - Throws: `HTTPError.invalidURL` for anything but a plain `ws` or `wss` address in ASCII.
    init(_ url: String) throws(HTTPError) {
        guard url.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw .invalidURL("a WebSocket address is plain ASCII without spaces")
        }
        guard let colon = url.firstRange(of: "://") else { throw .invalidURL("a WebSocket address begins with wss://") }
        let secure: Bool
        switch url[..<colon.lowerBound].lowercased() {
        case "wss": secure = true
        case "ws": secure = false
        default: throw .invalidURL("a WebSocket address begins with wss://")
        }
        let afterScheme = url[colon.upperBound...].prefix { $0 != "#" }
        let authority = afterScheme.prefix { $0 != "/" && $0 != "?" }
        guard !authority.isEmpty, !authority.contains("@"), !authority.hasPrefix(":") else {
            throw .invalidURL("a WebSocket address has a host and no user name")
        }
        let target = afterScheme[authority.endIndex...]
        self.target = target.hasPrefix("/") ? String(target) : "/\(target)"
        let ownPort = secure ? ":443" : ":80"
        host = authority.hasSuffix(ownPort) ? String(authority.dropLast(ownPort.count)) : String(authority)
        connectURL = "\(secure ? "https" : "http")://\(authority)/"
    }
}
