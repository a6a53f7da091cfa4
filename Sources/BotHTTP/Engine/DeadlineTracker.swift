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
        var candidates: [(at: Duration, phase: HTTPError.Phase)] = []
        switch stage {
        case .connecting:
            candidates.append((start + deadlines.connect, .connect))
            if let firstByte = deadlines.firstByte { candidates.append((start + firstByte, .firstByte)) }
        case .waiting:
            if let firstByte = deadlines.firstByte { candidates.append((start + firstByte, .firstByte)) }
        case .body(let lastPiece):
            if let idle = deadlines.idle { candidates.append((lastPiece + idle, .idle)) }
        case .paused:
            break
        case .over:
            return nil
        }
        if let total = deadlines.total { candidates.append((start + total, .total)) }
        return candidates.min { $0.at < $1.at }
    }

    /// The phase whose deadline has passed.
    func expired(at now: Duration) -> HTTPError.Phase? {
        guard let next, next.at <= now else { return nil }
        return next.phase
    }
}
