/// Cuts a stream of bytes into frames, whatever pieces it comes in, without keeping payloads.
struct FrameReader {
    /// A part of the stream.
    enum Part: Equatable {
        /// A frame begins.
        case header(FrameHeader)
        /// Some bytes of the frame's payload.
        case payload(ArraySlice<UInt8>)
        /// The frame is whole.
        case end
    }

    private enum State {
        case header([UInt8])
        case payload(remaining: Int)
    }

    private var state = State.header([])

    /// Takes the next part from the front of the input; nil when the input is used up.
    mutating func next(_ input: inout ArraySlice<UInt8>) throws(FrameHeader.ParseError) -> Part? {
        switch state {
        case .header(var head):
            while let byte = input.popFirst() {
                head.append(byte)
                guard let header = try FrameHeader(head) else { continue }
                state = .payload(remaining: header.length)
                return .header(header)
            }
            state = .header(head)
            return nil
        case .payload(0):
            state = .header([])
            return .end
        case .payload(let remaining):
            if input.isEmpty { return nil }
            let piece = input.prefix(remaining)
            input.removeFirst(piece.count)
            state = .payload(remaining: remaining - piece.count)
            return .payload(piece)
        }
    }
}
