/// What comes over the gateway's socket.
enum GatewayFrame: Sendable, Equatable {
    case payload([UInt8])
    /// The other side closed; nil when it gave no code.
    case closed(code: Int?)
}

/// A connection to the gateway: the WebSocket client, or a script of a test.
protocol GatewaySocket: Sendable {
    /// The next frame; called by one task at a time.
    ///
    /// - Throws: when the connection broke.
    func receive() async throws -> GatewayFrame

    /// Sends one text frame; called by one task at a time.
    func send(_ text: String) async throws

    /// Says goodbye with a code and drops the connection. Takes no longer than a moment.
    func close(code: Int) async
}

/// Opens connections to the gateway.
protocol GatewayConnector: Sendable {
    /// Connects within 20 seconds, runs the closure and drops the connection.
    ///
    /// - Throws: `GatewayUnreachable` when there is no connection.
    func withSocket(to address: GatewayAddress, _ body: (any GatewaySocket) async throws -> Void) async throws
}

/// There is no connection to the gateway; the reason holds no secret.
struct GatewayUnreachable: Error {
    let reason: String
}
