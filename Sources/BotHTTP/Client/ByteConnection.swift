/// A connection that stands (TCP, proxy and TLS done by libcurl) and carries bytes both ways: what the WebSocket client speaks
/// its frames over.
///
/// At most one task receives and at most one sends at a time.
package protocol ByteConnection: Sendable {
    /// The next bytes as they come, at most 64 KiB; nil when the peer has closed its side in order.
    ///
    /// - Throws: `HTTPError`; `.cancelled` leaves the connection usable.
    func receive() async throws(HTTPError) -> [UInt8]?

    /// Sends all of the bytes; returns when the kernel has taken them.
    func send(_ bytes: [UInt8]) async throws(HTTPError)

    /// Closes the connection; a waiting `receive` or `send` ends with `.connectionLost`. Harmless when repeated.
    func close()
}
