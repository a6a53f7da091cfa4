import CCurl

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// An address that the client takes, checked and taken apart by libcurl's own parser, so that both understand the same.
struct WebAddress: Sendable, Equatable {
    /// The address itself. It may hold a token: never to be logged.
    let url: String
    /// The host, lower case, without brackets.
    let host: String

    /// Checks an address.
    ///
    /// - Throws: `HTTPError.invalidURL` with a reason that does not quote the address.
    init(_ url: String) throws(HTTPError) {
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
            throw .invalidURL("the address holds a space or a control character")
        }
        guard let parts = curl_url() else { throw .invalidURL("the address cannot be read") }
        defer { curl_url_cleanup(parts) }
        guard curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK else {
            throw .invalidURL("the address is malformed")
        }
        guard let scheme = Self.part(CURLUPART_SCHEME, of: parts), scheme == "https" || scheme == "http" else {
            throw .invalidURL("the address is neither https nor http")
        }
        guard var host = Self.part(CURLUPART_HOST, of: parts)?.lowercased(), !host.isEmpty else {
            throw .invalidURL("the address has no host")
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        self.url = url
        self.host = host
    }

    /// Whether the host is this machine: `localhost` and names under it, 127.0.0.0/8, `::1`.
    var isLoopback: Bool {
        let name = host.hasSuffix(".") ? String(host.dropLast()) : host
        if name == "localhost" || name.hasSuffix(".localhost") { return true }
        var v4 = in_addr()
        if inet_pton(AF_INET, name, &v4) == 1 { return UInt32(bigEndian: v4.s_addr) >> 24 == 127 }
        var v6 = in6_addr()
        guard inet_pton(AF_INET6, name, &v6) == 1 else { return false }
        return withUnsafeBytes(of: &v6) { bytes in
            let isV6Loopback = bytes.dropLast().allSatisfy { $0 == 0 } && bytes[15] == 1
            let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
            return isV6Loopback || (isMapped && bytes[12] == 127)
        }
    }

    private static func part(_ part: CURLUPart, of parts: OpaquePointer) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(parts, part, &text, 0) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }
}
