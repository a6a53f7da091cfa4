package import BotHTTP

/// Why a WebSocket connection could not be opened or has ended without a close frame. No text here holds the address.
package enum WebSocketError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The task was cancelled. The connection itself goes on.
    case cancelled
    /// There was no connection to speak over: the address, the network, the proxy or TLS.
    case cannotConnect(HTTPError)
    /// The server answered the upgrade with another status than 101.
    case refused(status: Int)
    /// The peer broke the protocol; the text says how. It was told so with a close frame.
    case protocolViolation(String)
    /// A message of the peer is larger than the connection allows; or one to be sent is.
    case tooLarge(limit: Int)
    /// The connection ended without a close frame, or was aborted.
    case connectionLost(String)
    /// So many messages wait to be sent that no more are taken; the connection goes on.
    case sendQueueFull

    package var description: String {
        switch self {
        case .cancelled: "cancelled"
        case .cannotConnect(let error): "no connection: \(error)"
        case .refused(let status): "the server refused the upgrade with status \(status)"
        case .protocolViolation(let how): "the peer broke the protocol: \(how)"
        case .tooLarge(let limit): "a message is larger than \(limit) bytes"
        case .connectionLost(let how): "the connection was lost: \(how)"
        case .sendQueueFull: "too many messages wait to be sent"
        }
    }

    /// What an error of an open connection means for the WebSocket on it.
    init(_ error: HTTPError) {
        switch error {
        case .cancelled: self = .cancelled
        case .connectionLost(let how): self = .connectionLost(how)
        default: self = .connectionLost("\(error)")
        }
    }
}
