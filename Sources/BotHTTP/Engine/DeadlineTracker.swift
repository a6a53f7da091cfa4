/// Which deadline of a request comes next, as it goes from stage to stage. Pure: every instant is given to it.
struct DeadlineTracker {
    private enum Stage { case connecting, waiting, body(lastPiece: Duration), paused, over }

    private let deadlines: HTTPDeadlines
    private let start: Duration
    private var stage: Stage = .connecting

    init(_ deadlines: HTTPDeadlines, start: Duration) {
        self.deadlines = deadlines
        self.start = start
    }

    /// The connection stands; the request leaves.
    mutating func connected() {
        if case .connecting = stage { stage = .waiting }
    }

    /// The head, or a piece of the body, has come.
    mutating func progressed(at now: Duration) { stage = .body(lastPiece: now) }

    /// The reader is slow: the peer is not to blame for the silence, only the total goes on.
    mutating func paused() { stage = .paused }

    /// Nothing is waited for any more.
    mutating func ended() { stage = .over }

    /// The deadline that passes first and its phase; nil when there is none.
    var next: (at: Duration, phase: HTTPError.Phase)? {
        let total = deadlines.total.map { (at: start + $0, phase: HTTPError.Phase.total) }
        let firstByte = deadlines.firstByte.map { (at: start + $0, phase: HTTPError.Phase.firstByte) }
        return switch stage {
        case .connecting: Self.earlier((start + deadlines.connect, .connect), Self.earlier(firstByte, total))
        case .waiting: Self.earlier(firstByte, total)
        case .body(let lastPiece): Self.earlier(deadlines.idle.map { (lastPiece + $0, .idle) }, total)
        case .paused: total
        case .over: nil
        }
    }

    private static func earlier(
        _ one: (at: Duration, phase: HTTPError.Phase)?, _ other: (at: Duration, phase: HTTPError.Phase)?
    ) -> (at: Duration, phase: HTTPError.Phase)? {
        guard let one else { return other }
        guard let other else { return one }
        return other.at < one.at ? other : one
    }
}
