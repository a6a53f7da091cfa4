import BotCore
import NIOCore
import NIOWebSocket

/// One WebSocket frame as the test server saw it, unmasked.
package struct LoopbackFrame: Sendable, Equatable {
    package let opcode: UInt8
    package let fin: Bool
    /// Whether it came masked, as every frame of a client must.
    package let isMasked: Bool
    package let bytes: [UInt8]

    init(_ frame: WebSocketFrame) {
        opcode = UInt8(webSocketOpcode: frame.opcode)
        fin = frame.fin
        isMasked = frame.maskKey != nil
        bytes = Array(frame.unmaskedData.readableBytesView)
    }
}

/// The test server's side of an upgraded connection. Nothing is answered by itself: no pong, no close.
package struct LoopbackWebSocket: Sendable {
    /// What a client sent.
    package enum Message: Sendable, Equatable {
        case text(String)
        case binary([UInt8])
        case ping([UInt8])
        case pong([UInt8])
        case close(code: Int?, reason: String)
    }

    private let connection: LoopbackConnection
    /// The fragments of a message that is not yet whole, and its opcode.
    private let fragments = Lock((opcode: UInt8(0), bytes: [UInt8]()))

    init(_ connection: LoopbackConnection) { self.connection = connection }

    // MARK: - Receiving

    /// The next frame; nil when the client has gone or the server stops. One task receives at a time.
    package func receiveFrame() async -> LoopbackFrame? {
        while let next = await connection.inbound.next() {
            if case .frame(let frame) = next { return frame }
        }
        return nil
    }

    /// The next whole message or control frame; nil when the client has gone or the server stops.
    package func receive() async -> Message? {
        while let frame = await receiveFrame() {
            switch frame.opcode {
            case 0x8: return Self.close(frame.bytes)
            case 0x9: return .ping(frame.bytes)
            case 0xA: return .pong(frame.bytes)
            default:
                let whole = fragments.withLock { fragments -> (opcode: UInt8, bytes: [UInt8])? in
                    if frame.opcode != 0 { fragments = (frame.opcode, []) }
                    fragments.bytes += frame.bytes
                    return frame.fin ? fragments : nil
                }
                guard let whole else { continue }
                return whole.opcode == 1 ? .text(String(decoding: whole.bytes, as: UTF8.self)) : .binary(whole.bytes)
            }
        }
        return nil
    }

    private static func close(_ bytes: [UInt8]) -> Message {
        guard bytes.count >= 2 else { return .close(code: nil, reason: "") }
        return .close(
            code: Int(bytes[0]) << 8 | Int(bytes[1]), reason: String(decoding: bytes.dropFirst(2), as: UTF8.self))
    }

    /// Waits until the client has closed the connection, or the server stops.
    package func waitForClientGone() async { await connection.waitUntilClosed() }

    // MARK: - Sending

    /// Sends a text message in one frame.
    package func send(text: String) async throws { try await sendFrame(opcode: 0x1, Array(text.utf8)) }

    /// Sends a binary message in one frame.
    package func send(binary: [UInt8]) async throws { try await sendFrame(opcode: 0x2, binary) }

    /// Sends a ping.
    package func ping(_ bytes: [UInt8] = []) async throws { try await sendFrame(opcode: 0x9, bytes) }

    /// Sends a pong.
    package func pong(_ bytes: [UInt8] = []) async throws { try await sendFrame(opcode: 0xA, bytes) }

    /// Sends a close frame; the connection stays open until the client or `drop` ends it.
    package func close(code: Int?, reason: String = "") async throws {
        let head = code.map { [UInt8(truncatingIfNeeded: $0 >> 8), UInt8(truncatingIfNeeded: $0)] } ?? []
        try await sendFrame(opcode: 0x8, head + Array(reason.utf8))
    }

    /// Sends one frame of any kind, for fragments and for what a server must not do.
    package func sendFrame(opcode: UInt8, fin: Bool = true, reserved1: Bool = false, _ bytes: [UInt8]) async throws {
        guard let opcode = WebSocketOpcode(encodedWebSocketOpcode: opcode) else {
            preconditionFailure("an opcode has four bits")
        }
        let frame = WebSocketFrame(fin: fin, rsv1: reserved1, opcode: opcode, data: ByteBuffer(bytes: bytes))
        try await connection.channel.writeAndFlush(frame)
    }

    /// Sends bytes as they are, for frames that no encoder makes.
    package func sendRaw(_ bytes: [UInt8]) async throws { try await connection.writeRaw(bytes) }

    /// Ends the connection in order for TCP and TLS, but without a close frame.
    package func end() async {
        connection.channel.close(promise: nil)
        await connection.waitUntilClosed()
    }

    /// Drops the connection: a reset, no goodbye.
    package func drop() async { await connection.closeAbruptly() }
}
