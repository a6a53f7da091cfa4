/// What comes out of a WebSocket connection.
package enum WebSocketMessage: Sendable, Equatable {
    /// A whole text message.
    case text(String)
    /// A whole binary message.
    case binary([UInt8])
    /// The peer has closed the connection with a close frame; nothing follows. The code is nil when the frame had none.
    case closed(code: Int?, reason: String)
}
