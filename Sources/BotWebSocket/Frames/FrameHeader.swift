import NIOWebSocket

/// The head of a frame (RFC 6455, section 5.2).
///
/// NIOWebSocket's own codecs are channel handlers and cannot be had without a channel. The only channel without a socket,
/// `EmbeddedChannel`, stops the program when it is used from another thread than the one that made it, and tasks change
/// threads. So the header, which is all there is to a frame, is read and written here; the tests run it against those codecs.
struct FrameHeader: Equatable {
    var isFinal: Bool
    /// The three bits for extensions, of which there are none.
    var reserved: UInt8 = 0
    var opcode: WebSocketOpcode
    var isMasked = false
    /// The bytes of payload.
    var length: Int

    /// How many bytes a header is at most, without the mask.
    static let maxBytes = 10

    /// Why a header is none.
    enum ParseError: Error { case lengthNotMinimal, lengthTooGreat }

    init(isFinal: Bool = true, opcode: WebSocketOpcode, length: Int) {
        self.isFinal = isFinal
        self.opcode = opcode
        self.length = length
    }

    /// Reads a header from the start of the bytes; nil while there are too few.
    init?(_ bytes: [UInt8]) throws(ParseError) {
        guard bytes.count >= 2, let opcode = WebSocketOpcode(encodedWebSocketOpcode: bytes[0] & 0x0F) else {
            return nil
        }
        isFinal = bytes[0] & 0x80 != 0
        reserved = bytes[0] >> 4 & 0x07
        self.opcode = opcode
        isMasked = bytes[1] & 0x80 != 0
        let short = Int(bytes[1] & 0x7F)
        switch short {
        case 126:
            guard bytes.count >= 4 else { return nil }
            length = Int(bytes[2]) << 8 | Int(bytes[3])
            if length < 126 { throw .lengthNotMinimal }
        case 127:
            guard bytes.count >= 10 else { return nil }
            let long = bytes[2..<10].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            guard let length = Int(exactly: long) else { throw .lengthTooGreat }
            self.length = length
            if length <= 0xFFFF { throw .lengthNotMinimal }
        default: length = short
        }
    }

    /// A whole masked frame with this header.
    func makeFrame(_ payload: some Collection<UInt8>, mask: UInt32) -> [UInt8] {
        let key = (0..<4).map { UInt8(truncatingIfNeeded: mask >> (24 - 8 * $0)) }
        var frame: [UInt8] = []
        frame.reserveCapacity(Self.maxBytes + key.count + payload.count)
        frame.append((isFinal ? 0x80 : 0) | reserved << 4 | UInt8(webSocketOpcode: opcode))
        switch length {
        case ..<126: frame.append(0x80 | UInt8(length))
        case ...0xFFFF:
            frame += [0x80 | 126, UInt8(length >> 8), UInt8(length & 0xFF)]
        default:
            frame.append(0x80 | 127)
            frame += (0..<8).map { UInt8(truncatingIfNeeded: length >> (56 - 8 * $0)) }
        }
        frame += key
        let start = frame.count
        frame += payload
        for index in start..<frame.count { frame[index] ^= key[(index - start) & 3] }
        return frame
    }
}
