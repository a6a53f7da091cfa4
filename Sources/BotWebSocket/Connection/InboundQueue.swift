import BotCore

/// The messages between the task that reads the connection and the one that receives. When it is full the reader waits, and
/// with it the peer.
final class InboundQueue: Sendable {
    private struct State {
        var messages: [WebSocketMessage] = []
        /// Where the next message is; what is before it has been taken.
        var head = 0
        var bytes = 0
        var isFinished = false
        var isDiscarding = false
        var receiver: CheckedContinuation<WebSocketMessage?, Never>?
        var reader: CheckedContinuation<Void, Never>?

        mutating func takeFirst() -> WebSocketMessage? {
            guard head < messages.count else { return nil }
            let message = messages[head]
            head += 1
            bytes -= message.weight
            if head == messages.count { (messages, head) = ([], 0) }
            return message
        }
    }

    private enum Step { case resume(WebSocketMessage?, reader: CheckedContinuation<Void, Never>?), wait }

    private let limit: Int
    private let state = Lock(State())

    /// - Parameter limit: the bytes that wait before the reader does. The messages of one read are always taken.
    init(limit: Int) { self.limit = limit }

    /// Adds messages.
    func put(_ message: WebSocketMessage) {
        let receiver = state.withLock { state -> CheckedContinuation<WebSocketMessage?, Never>? in
            if state.isFinished || state.isDiscarding { return nil }
            if let receiver = state.receiver {
                state.receiver = nil
                return receiver
            }
            state.messages.append(message)
            state.bytes += message.weight
            return nil
        }
        receiver?.resume(returning: message)
    }

    /// Waits until there is room again, or nobody wants messages any more.
    func waitForRoom() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let mayGoOn = state.withLock { state in
                    if Task.isCancelled || state.isFinished || state.isDiscarding || state.bytes < limit { return true }
                    state.reader = continuation
                    return false
                }
                if mayGoOn { continuation.resume() }
            }
        } onCancel: {
            releaseReader()
        }
    }

    private func releaseReader() {
        let reader = state.withLock { state in
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume()
    }

    /// Drops what comes from now on.
    func discard() {
        state.withLock { $0.isDiscarding = true }
        releaseReader()
    }

    /// Ends the queue: what it holds can still be taken.
    func finish() {
        let receiver = state.withLock { state in
            state.isFinished = true
            defer { state.receiver = nil }
            return state.receiver
        }
        receiver?.resume(returning: nil)
        releaseReader()
    }

    /// The next message; nil when the queue has ended or the task is cancelled.
    func next() async -> WebSocketMessage? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let step = state.withLock { state -> Step in
                    if Task.isCancelled { return .resume(nil, reader: nil) }
                    if let message = state.takeFirst() {
                        guard state.bytes < limit else { return .resume(message, reader: nil) }
                        defer { state.reader = nil }
                        return .resume(message, reader: state.reader)
                    }
                    if state.isFinished { return .resume(nil, reader: nil) }
                    precondition(state.receiver == nil, "one task at a time receives from a WebSocket connection")
                    state.receiver = continuation
                    return .wait
                }
                if case .resume(let message, let reader) = step {
                    reader?.resume()
                    continuation.resume(returning: message)
                }
            }
        } onCancel: {
            let receiver = state.withLock { state in
                defer { state.receiver = nil }
                return state.receiver
            }
            receiver?.resume(returning: nil)
        }
    }
}

extension WebSocketMessage {
    /// What the message counts for in a queue: its bytes, and something for the message itself.
    fileprivate var weight: Int {
        switch self {
        case .text(let text): 64 + text.utf8.count
        case .binary(let bytes): 64 + bytes.count
        case .closed: 64
        }
    }
}
