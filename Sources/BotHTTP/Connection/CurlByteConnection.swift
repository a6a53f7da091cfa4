/// The handle that callers hold on a raw connection; the connection closes with the last of them.
final class CurlByteConnection: ByteConnection {
    private let connection: Connection

    init(_ connection: Connection) {
        self.connection = connection
    }

    deinit { close() }

    func receive() async throws(HTTPError) -> [UInt8]? { try await connection.receive() }

    func send(_ bytes: [UInt8]) async throws(HTTPError) { try await connection.send(bytes) }

    func close() { connection.abandon(.connectionLost("the connection was closed on this side")) }
}
