import BotCore
import DequeModule

/// One request under way: where the task that waits for the response and the loop's thread meet.
final class Transfer: Sendable {
    /// How the response is taken.
    enum Mode: Sendable { case whole, stream }

    /// The most bytes of body that wait for a slow reader; then the transfer pauses and the peer feels it.
    static let bufferLimit = 256 << 10

    private enum Awaited { case head, piece, end }

    private enum Outcome {
        case finished
        case failed(HTTPError)
    }

    private struct State {
        var head: HTTPResponseHead?
        var pieces: Deque<[UInt8]> = []
        var buffered = 0
        var isPaused = false
        var outcome: Outcome?
        var waiter: CheckedContinuation<Void, Never>?
        var awaited = Awaited.head

        func isReady(for awaited: Awaited) -> Bool {
            switch awaited {
            case .head: head != nil || outcome != nil
            case .piece: !pieces.isEmpty || outcome != nil
            case .end: outcome != nil
            }
        }

        /// The waiter, if what it waits for is there.
        mutating func takeReadyWaiter() -> CheckedContinuation<Void, Never>? {
            guard isReady(for: awaited), let ready = waiter else { return nil }
            waiter = nil
            return ready
        }
    }

    let request: HTTPRequest
    let address: WebAddress
    let mode: Mode
    private let mailbox: Mailbox
    private let state = Lock(State())

    init(_ request: HTTPRequest, to address: WebAddress, mode: Mode, mailbox: Mailbox) {
        self.request = request
        self.address = address
        self.mode = mode
        self.mailbox = mailbox
    }

    // MARK: - Called by tasks

    /// Hands the request to the loop.
    func start() {
        guard !isOver else { return }
        if !mailbox.post(.start(self)) { finish(.shutDown) }
    }

    /// Waits for all of the response.
    func wholeResponse() async -> Result<HTTPResponse, HTTPError> {
        await wait(for: .end)
        return state.withLock { state in
            switch state.outcome {
            case .failed(let error):
                return .failure(error)
            case .finished, nil:
                guard let head = state.head else { return .failure(.connectionLost("the response has no head")) }
                var body: [UInt8] = []
                body.reserveCapacity(state.buffered)
                for piece in state.pieces { body += piece }
                state.pieces = []
                return .success(HTTPResponse(head: head, body: body))
            }
        }
    }

    /// Waits for the response's head.
    func responseHead() async throws(HTTPError) -> HTTPResponseHead {
        await wait(for: .head)
        let result: Result<HTTPResponseHead, HTTPError> = state.withLock { state in
            switch (state.head, state.outcome) {
            case (_, .failed(let error)) where error == .cancelled || error == .shutDown: .failure(error)
            // A failure that came meanwhile is told after what had come before it.
            case (let head?, _): .success(head)
            case (nil, .failed(let error)): .failure(error)
            case (nil, .finished), (nil, nil): .failure(.connectionLost("the response has no head"))
            }
        }
        return try result.get()
    }

    /// Waits for the next piece of the body; nil at its end.
    func nextPiece() async throws(HTTPError) -> [UInt8]? {
        await withTaskCancellationHandler {
            await wait(for: .piece)
        } onCancel: {
            cancel()
        }
        var resumes = false
        let result: Result<[UInt8]?, HTTPError> = state.withLock { state in
            guard let piece = state.pieces.popFirst() else {
                if case .failed(let error) = state.outcome { return .failure(error) }
                return .success(nil)
            }
            state.buffered -= piece.count
            if state.isPaused, state.buffered <= Self.bufferLimit / 2 {
                state.isPaused = false
                resumes = true
            }
            return .success(piece)
        }
        // When the loop is gone the outcome says so at the next call.
        if resumes { mailbox.post(.resume(self)) }
        return try result.get()
    }

    /// Ends the transfer because its task was cancelled.
    func cancel() { abandon(.cancelled) }

    /// Ends the transfer and has its handle removed; nothing happens when it is over already.
    func abandon(_ error: HTTPError) {
        if finish(error) { mailbox.post(.abandon(self)) }
    }

    private func wait(for awaited: Awaited) async {
        await withCheckedContinuation { continuation in
            let isReady = state.withLock { state in
                guard !state.isReady(for: awaited) else { return true }
                state.awaited = awaited
                state.waiter = continuation
                return false
            }
            if isReady { continuation.resume() }
        }
    }

    // MARK: - Called by the loop

    /// Whether it has ended, well or not.
    var isOver: Bool { state.withLock { $0.outcome != nil } }

    /// Makes the head known.
    func publish(_ head: HTTPResponseHead) {
        let waiter = state.withLock { state in
            state.head = head
            return state.takeReadyWaiter()
        }
        waiter?.resume()
    }

    /// Takes a piece of the body; false when the reader has enough for now, and the piece must be offered again.
    func accept(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var waiter: CheckedContinuation<Void, Never>?
        let isTaken = state.withLock { state in
            if mode == .stream, !state.pieces.isEmpty, state.buffered + bytes.count > Self.bufferLimit {
                state.isPaused = true
                return false
            }
            state.pieces.append(Array(bytes))
            state.buffered += bytes.count
            waiter = state.takeReadyWaiter()
            return true
        }
        waiter?.resume()
        return isTaken
    }

    /// Ends the transfer, nil for well; false when it was over already.
    @discardableResult
    func finish(_ error: HTTPError?) -> Bool {
        var waiter: CheckedContinuation<Void, Never>?
        let isNew = state.withLock { state in
            guard state.outcome == nil else { return false }
            state.outcome = error.map { .failed($0) } ?? .finished
            if error == .cancelled || error == .shutDown {
                // Nobody wants what is left; after other failures the reader still gets what came before them.
                state.pieces = []
                state.buffered = 0
            }
            waiter = state.takeReadyWaiter()
            return true
        }
        waiter?.resume()
        return isNew
    }
}
