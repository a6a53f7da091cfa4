import BotCore
import NIOCore
import NIOHTTP1

/// One request that reached a test server, and the ways to answer it. One handler answers it, in one of these ways.
package struct LoopbackExchange: Sendable {
    /// The client went away, or the server stopped.
    package struct ClientGone: Error {}

    enum Progress: Equatable { case nothing, started, ended, upgraded, closed }

    private let connection: LoopbackConnection
    private let head: HTTPRequestHead
    private let progressLock = Lock(Progress.nothing)

    /// The whole body.
    package let body: [UInt8]

    init(_ connection: LoopbackConnection, head: HTTPRequestHead, body: [UInt8]) {
        self.connection = connection
        self.head = head
        self.body = body
    }

    // MARK: - The request

    /// The method, as `GET`.
    package var method: String { head.method.rawValue }

    /// The target as it came, query included.
    package var target: String { head.uri }

    /// The target without its query.
    package var path: String { String(head.uri.prefix { $0 != "?" }) }

    /// What follows the question mark, still percent-encoded; nil without one.
    package var query: String? {
        guard let mark = head.uri.firstIndex(of: "?") else { return nil }
        return String(head.uri[head.uri.index(after: mark)...])
    }

    /// The first value of a header field, whatever the case of its name.
    package func header(_ name: String) -> String? { head.headers.first(name: name) }

    /// All header fields in the order they came.
    package var headers: [(name: String, value: String)] { head.headers.map { ($0.name, $0.value) } }

    /// The body as text.
    package var text: String { String(decoding: body, as: UTF8.self) }

    /// Numbers the connections of a server from 1, so that a test can count them.
    package var connectionID: Int { connection.id }

    /// Whether the client asks to change to WebSocket.
    package var wantsWebSocket: Bool { header("upgrade")?.lowercased() == "websocket" }

    // MARK: - Answers

    /// Answers at once.
    package func respond(
        status: Int = 200, headers: [(String, String)] = [], body: [UInt8] = []
    ) async throws {
        var fields = headers
        if !fields.contains(where: { $0.0.lowercased() == "content-length" }) {
            fields.append(("Content-Length", "\(body.count)"))
        }
        try await startResponse(status: status, headers: fields)
        if method != "HEAD", !body.isEmpty { try await write(body) }
        try await end()
    }

    /// Answers at once with text.
    package func respond(status: Int = 200, headers: [(String, String)] = [], text: String) async throws {
        try await respond(status: status, headers: headers, body: Array(text.utf8))
    }

    /// Answers at once with JSON.
    package func respond(status: Int = 200, headers: [(String, String)] = [], json: String) async throws {
        try await respond(status: status, headers: [("Content-Type", "application/json")] + headers, text: json)
    }

    /// Sends the head; without a `Content-Length` the body is chunked.
    package func startResponse(status: Int = 200, headers: [(String, String)] = []) async throws {
        progressLock.withLock { $0 = .started }
        let head = HTTPResponseHead(
            version: .http1_1, status: HTTPResponseStatus(statusCode: status), headers: HTTPHeaders(headers))
        try await connection.write(.head(head))
    }

    /// Sends a piece of the body, as one chunk; returns when the kernel has taken it.
    package func write(_ bytes: [UInt8]) async throws {
        try await connection.write(.body(.byteBuffer(ByteBuffer(bytes: bytes))))
    }

    /// Sends a piece of the body as text.
    package func write(text: String) async throws { try await write(Array(text.utf8)) }

    /// Ends the body. A handler that returns does the same.
    package func end() async throws {
        progressLock.withLock { $0 = .ended }
        try await connection.write(.end(nil))
    }

    /// Sends bytes as they are in place of an answer, for answers that no server should give; then closes.
    package func respondRaw(_ bytes: [UInt8]) async throws {
        progressLock.withLock { $0 = .closed }
        try await connection.writeRaw(bytes)
        await close()
    }

    /// Closes the connection in order, whatever has been sent.
    package func close() async {
        progressLock.withLock { $0 = .closed }
        connection.channel.close(promise: nil)
        await connection.waitUntilClosed()
    }

    /// Drops the connection with a reset.
    package func reset() async {
        progressLock.withLock { $0 = .closed }
        await connection.closeAbruptly()
    }

    /// Never answers.
    ///
    /// - Throws: `ClientGone`, always: when the client goes away or the server stops.
    package func stall() async throws -> Never {
        await waitForClientGone()
        throw ClientGone()
    }

    /// Waits until the client has closed the connection, or the server stops.
    package func waitForClientGone() async { await connection.waitUntilClosed() }

    /// Answers 101 and hands over the connection, which is closed when the handler returns.
    package func upgradeToWebSocket(headers: [(String, String)] = []) async throws -> LoopbackWebSocket {
        progressLock.withLock { $0 = .upgraded }
        try await connection.upgrade(head, headers: HTTPHeaders(headers))
        return LoopbackWebSocket(connection)
    }

    // MARK: - For the server

    var progress: Progress { progressLock.withLock { $0 } }

    /// Whether another request may follow on the connection.
    var keepsConnection: Bool { progress == .ended && head.isKeepAlive && !wantsWebSocket }
}
