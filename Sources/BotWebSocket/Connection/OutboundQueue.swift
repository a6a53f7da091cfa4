import BotCore

/// The frames that wait to be sent, in order: one task sends them, any task adds.
final class OutboundQueue: Sendable {
    /// One frame and what became of it.
    struct Entry: Sendable {
        let frame: [UInt8]
        /// Set once the frame has left, cannot leave any more, or its sender no longer waits.
        let outcome: OneShot<Result<Void, WebSocketError>>

        init(_ frame: [UInt8]) {
            self.frame = frame
            outcome = OneShot()
        }
    }

    private struct State {
        var entries: [Entry] = []
        var isFinished = false
        var failure: WebSocketError?
        var writer: CheckedContinuation<Entry?, Never>?
    }

    private enum Step { case resume(Entry?), wait }

    private let limit: Int
    private let state = Lock(State())

    /// - Parameter limit: how many frames may wait.
    init(limit: Int) { self.limit = limit }

    /// Adds a frame.
    ///
    /// - Parameter isUrgent: whether it is taken even when the queue is full (the one close frame).
    /// - Throws: `.sendQueueFull`, or why nothing can be sent any more.
    func put(_ entry: Entry, isUrgent: Bool = false) throws(WebSocketError) {
        let writer = try state.withLock { state throws(WebSocketError) -> CheckedContinuation<Entry?, Never>? in
            if let failure = state.failure { throw failure }
            if state.isFinished { throw .connectionLost("the connection is closed") }
            if let writer = state.writer {
                state.writer = nil
                return writer
            }
            guard isUrgent || state.entries.count < limit else { throw .sendQueueFull }
            state.entries.append(entry)
            return nil
        }
        writer?.resume(returning: entry)
    }

    /// Takes no more frames; those that wait are still sent.
    func finish() {
        let writer = state.withLock { state in
            state.isFinished = true
            defer { state.writer = nil }
            return state.writer
        }
        writer?.resume(returning: nil)
    }

    /// Takes no more frames and fails those that wait.
    func fail(_ error: WebSocketError) {
        let (writer, entries) = state.withLock { state in
            state.isFinished = true
            if state.failure == nil { state.failure = error }
            defer { (state.writer, state.entries) = (nil, []) }
            return (state.writer, state.entries)
        }
        for entry in entries { entry.outcome.set(.failure(error)) }
        writer?.resume(returning: nil)
    }

    /// The next frame to be sent whose sender still waits; nil when the queue has ended or the task is cancelled.
    func next() async -> Entry? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let step = state.withLock { state -> Step in
                    if Task.isCancelled { return .resume(nil) }
                    while !state.entries.isEmpty {
                        let entry = state.entries.removeFirst()
                        // A sender that was cancelled in time does not get its message sent.
                        if !entry.outcome.isSet { return .resume(entry) }
                    }
                    if state.isFinished { return .resume(nil) }
                    state.writer = continuation
                    return .wait
                }
                if case .resume(let entry) = step { continuation.resume(returning: entry) }
            }
        } onCancel: {
            let writer = state.withLock { state in
                defer { state.writer = nil }
                return state.writer
            }
            writer?.resume(returning: nil)
        }
    }
}
