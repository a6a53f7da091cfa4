import BotCore

/// Encoders that wait for their next use, with what their caches have learnt.
final class EncoderStock: Sendable {
    /// As many as are kept; when more are in use at once, the others are let go afterwards.
    private static var limit: Int { 4 }

    private let encoding: BytePairEncoding
    private let encoders = Lock<[PieceEncoder]>([])

    init(_ encoding: BytePairEncoding) { self.encoding = encoding }

    func take() -> PieceEncoder {
        encoders.withLock { $0.popLast() } ?? PieceEncoder(encoding)
    }

    func giveBack(_ encoder: consuming PieceEncoder) {
        let encoder = encoder
        encoders.withLock { if $0.count < Self.limit { $0.append(encoder) } }
    }
}
