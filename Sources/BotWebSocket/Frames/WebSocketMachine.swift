import NIOWebSocket

/// The client's side of an open connection as a pure state machine (RFC 6455, sections 5 to 7): bytes and wishes in, frames
/// and messages out. It answers pings, reassembles fragments, takes part in the closing handshake and masks what it sends.
struct WebSocketMachine {
    /// How a connection ended.
    enum Ending: Equatable {
        case closed(code: Int?, reason: String)
        case failed(WebSocketError)
    }

    /// What the driver has to do.
    enum Action: Equatable {
        /// Send a frame that carries a message or closes the connection.
        case send([UInt8])
        /// Send a pong; it may be left out when too much waits to be sent (section 5.5.3).
        case sendPong([UInt8])
        /// Hand out a message.
        case deliver(WebSocketMessage)
        /// The connection is over: send what waits, then close it. Nothing follows.
        case end(Ending)
    }

    private enum State: Equatable { case open, closing, ended }

    private let maxMessageBytes: Int
    private let makeMask: @Sendable () -> UInt32
    private var state = State.open
    private var reader = FrameReader()
    /// The header of the frame whose payload is coming.
    private var current: FrameHeader?
    private var control: [UInt8] = []
    /// The kind of the message that is being reassembled, and its bytes until now.
    private var fragmented: WebSocketOpcode?
    private var message: [UInt8] = []

    /// - Parameters:
    ///   - maxMessageBytes: the largest message, whole, either way.
    ///   - makeMask: gives an unpredictable mask for each frame.
    init(maxMessageBytes: Int, makeMask: @escaping @Sendable () -> UInt32) {
        self.maxMessageBytes = maxMessageBytes
        self.makeMask = makeMask
    }

    /// Whether messages can still be sent.
    var isOpen: Bool { state == .open }

    // MARK: - What the caller wants

    /// The frame of a message.
    ///
    /// - Throws: `.tooLarge`, or `.connectionLost` once the connection is closing.
    func frame(_ opcode: WebSocketOpcode, _ payload: some Collection<UInt8>) throws(WebSocketError) -> [UInt8] {
        guard state == .open else { throw .connectionLost("the connection is closed") }
        guard payload.count <= maxMessageBytes else { throw .tooLarge(limit: maxMessageBytes) }
        return makeFrame(opcode, payload)
    }

    /// Begins the closing handshake. A reason is cut to the 123 bytes that a close frame can hold.
    mutating func close(code: Int, reason: String) -> [Action] {
        guard state == .open else { return [] }
        state = .closing
        return [.send(closeFrame(code: code, reason: reason))]
    }

    // MARK: - What comes from the peer

    /// Takes bytes of the peer.
    mutating func receive(_ bytes: [UInt8]) -> [Action] {
        var input = bytes[...]
        var actions: [Action] = []
        while state != .ended {
            do throws(Violation) {
                guard let part = try readPart(&input) else { break }
                switch part {
                case .header(let header): try begin(header)
                case .payload(let piece):
                    if current?.opcode.isControlOpcode == true { control += piece } else { message += piece }
                case .end: actions += try finishFrame()
                }
            } catch {
                actions += fail(error)
            }
        }
        return actions
    }

    /// The peer has ended the stream.
    mutating func receiveEnd() -> [Action] {
        guard state != .ended else { return [] }
        state = .ended
        return [.end(.failed(.connectionLost("the peer closed it without a close frame")))]
    }

    // MARK: - Rules

    /// What the peer did wrong, and the code that it is told.
    private struct Violation: Error {
        let code: WebSocketErrorCode
        let error: WebSocketError

        init(_ how: String, code: WebSocketErrorCode = .protocolError) {
            self.code = code
            error = .protocolViolation(how)
        }

        init(limit: Int) {
            code = .messageTooLarge
            error = .tooLarge(limit: limit)
        }
    }

    private mutating func readPart(_ input: inout ArraySlice<UInt8>) throws(Violation) -> FrameReader.Part? {
        do {
            return try reader.next(&input)
        } catch {
            switch error {
            case .lengthNotMinimal: throw Violation("a frame's length is not in its shortest form")
            case .lengthTooGreat: throw Violation("a frame's length has its highest bit set")
            }
        }
    }

    /// Checks a header before any of its payload is kept.
    private mutating func begin(_ header: FrameHeader) throws(Violation) {
        if header.reserved != 0 { throw Violation("a frame has a reserved bit set") }
        if header.isMasked { throw Violation("a frame of a server is masked") }
        switch header.opcode {
        case .ping, .pong, .connectionClose:
            if !header.isFinal { throw Violation("a control frame is fragmented") }
            if header.length > 125 { throw Violation("a control frame is longer than 125 bytes") }
            control = []
        case .continuation:
            if fragmented == nil { throw Violation("a continuation follows no message") }
        case .text, .binary:
            if fragmented != nil { throw Violation("a message begins inside another") }
            fragmented = header.opcode
            message = []
        default: throw Violation("a frame has an unknown opcode")
        }
        if !header.opcode.isControlOpcode, header.length > maxMessageBytes - message.count {
            throw Violation(limit: maxMessageBytes)
        }
        current = header
    }

    private mutating func finishFrame() throws(Violation) -> [Action] {
        guard let header = current else { return [] }
        current = nil
        switch header.opcode {
        case .ping: return state == .open ? [.sendPong(makeFrame(.pong, control))] : []
        case .pong: return []
        case .connectionClose: return try finishClose()
        default: return header.isFinal ? try finishMessage() : []
        }
    }

    private mutating func finishMessage() throws(Violation) -> [Action] {
        defer {
            fragmented = nil
            message = []
        }
        // After our close frame nobody wants messages any more.
        guard state == .open else { return [] }
        if fragmented == .binary { return [.deliver(.binary(message))] }
        guard let text = String(validating: message, as: UTF8.self) else {
            throw Violation("a text message is not UTF-8", code: .dataInconsistentWithMessage)
        }
        return [.deliver(.text(text))]
    }

    private mutating func finishClose() throws(Violation) -> [Action] {
        var code: Int?
        if !control.isEmpty {
            guard control.count >= 2 else { throw Violation("a close frame has half a code") }
            let given = Int(control[0]) << 8 | Int(control[1])
            guard Self.mayBeSent(given) else { throw Violation("a close frame has a code that is not for frames") }
            code = given
        }
        guard let reason = String(validating: control.dropFirst(2), as: UTF8.self) else {
            throw Violation("a close frame's reason is not UTF-8", code: .dataInconsistentWithMessage)
        }
        let echo: [Action] = state == .open ? [.send(makeFrame(.connectionClose, control.prefix(2)))] : []
        state = .ended
        return echo + [.end(.closed(code: code, reason: reason))]
    }

    /// Section 7.4: 1004 to 1006 and 1015 are never sent, and what is below 1000 or not yet assigned is none.
    private static func mayBeSent(_ code: Int) -> Bool {
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }

    private mutating func fail(_ violation: Violation) -> [Action] {
        let close = closeFrame(code: Int(UInt16(webSocketErrorCode: violation.code)), reason: "")
        let last: [Action] = state == .open ? [.send(close)] : []
        state = .ended
        (message, control) = ([], [])
        return last + [.end(.failed(violation.error))]
    }

    private func closeFrame(code: Int, reason: String) -> [UInt8] {
        var reason = reason[...]
        while reason.utf8.count > 123 { reason.removeLast() }
        let payload = [UInt8(truncatingIfNeeded: code >> 8), UInt8(truncatingIfNeeded: code)] + Array(reason.utf8)
        return makeFrame(.connectionClose, payload)
    }

    private func makeFrame(_ opcode: WebSocketOpcode, _ payload: some Collection<UInt8>) -> [UInt8] {
        FrameHeader(opcode: opcode, length: payload.count).makeFrame(payload, mask: makeMask())
    }
}
