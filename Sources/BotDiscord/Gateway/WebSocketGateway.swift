import BotHTTP
import BotWebSocket

/// Connects to the gateway with the program's WebSocket client.
struct WebSocketGateway: GatewayConnector {
    let client: WebSocketClient

    private static let deadlines = HTTPDeadlines(connect: .seconds(20), firstByte: .seconds(20))
    /// The largest payloads are those of big servers; no real one comes near this.
    private static let maxMessageBytes = 16 << 20

    func withSocket(to address: GatewayAddress, _ body: (any GatewaySocket) async throws -> Void) async throws {
        do {
            try await client.withConnection(
                to: address.url, headers: [(name: "User-Agent", value: DiscordREST.userAgent)],
                deadlines: Self.deadlines, maxMessageBytes: Self.maxMessageBytes
            ) { connection in
                try await body(WebSocketGatewaySocket(connection: connection))
            }
        } catch let error as WebSocketError {
            throw GatewayUnreachable(reason: error.description)
        }
    }
}

private struct WebSocketGatewaySocket: GatewaySocket {
    let connection: WebSocketConnection

    func receive() async throws -> GatewayFrame {
        switch try await connection.receive() {
        case .text(let text): .payload(Array(text.utf8))
        case .binary(let bytes): .payload(bytes)
        case .closed(let code, _): .closed(code: code)
        }
    }

    func send(_ text: String) async throws { try await connection.send(text: text) }

    func close(code: Int) async { await connection.close(code: code) }
}
