/// Why a request got no whole response. A response with an error status is no such error. No text here holds the address.
package enum HTTPError: Error, Sendable, Equatable {
    /// The task was cancelled; the connection was closed.
    case cancelled
    /// The address is not one that the client takes.
    case invalidURL(String)
    /// The host's name has no address.
    case nameNotResolved(String)
    /// No connection (refused, unreachable, or the proxy failed).
    case cannotConnect(String)
    /// TLS failed: unknown authority, wrong host name, expired certificate; the text holds the word `certificate` where a
    /// certificate is why.
    case untrusted(String)
    /// A deadline passed.
    case timedOut(Phase)
    /// The connection broke after the request had begun to leave.
    case connectionLost(String)
    /// The body is larger than the request allows.
    case tooLarge(limit: Int)
    /// The client has been shut down.
    case shutDown

    /// Which deadline it was.
    package enum Phase: String, Sendable { case connect, firstByte, idle, total }

    /// Whether the request surely did not reach the server, so that it may be repeated freely.
    package var wasSurelyNotSent: Bool {
        switch self {
        case .invalidURL, .nameNotResolved, .cannotConnect, .untrusted, .timedOut(.connect), .shutDown: true
        case .cancelled, .timedOut, .connectionLost, .tooLarge: false
        }
    }
}
