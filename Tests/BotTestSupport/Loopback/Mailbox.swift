import BotCore

/// A queue between an event loop and one reading task: closing it or cancelling the reader ends the wait.
final class Mailbox<Element: Sendable>: Sendable {
    private struct State {
        var elements: [Element] = []
        var closed = false
        var reader: CheckedContinuation<Element?, Never>?
    }

    private enum Step { case take(Element), end, wait }

    private let state = Lock(State())

    /// Adds an element; after `close` it is dropped.
    func put(_ element: Element) {
        let reader = state.withLock { state -> CheckedContinuation<Element?, Never>? in
            if state.closed { return nil }
            if let reader = state.reader {
                state.reader = nil
                return reader
            }
            state.elements.append(element)
            return nil
        }
        reader?.resume(returning: element)
    }

    /// Ends the queue: what it holds can still be taken, then `next` returns nil.
    func close() {
        let reader = state.withLock { state in
            state.closed = true
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume(returning: nil)
    }

    /// The next element; nil when the queue has ended or the task is cancelled.
    func next() async -> Element? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let step = state.withLock { state -> Step in
                    if Task.isCancelled { return .end }
                    if !state.elements.isEmpty { return .take(state.elements.removeFirst()) }
                    if state.closed { return .end }
                    precondition(state.reader == nil, "a mailbox has one reader")
                    state.reader = continuation
                    return .wait
                }
                switch step {
                case .take(let element): continuation.resume(returning: element)
                case .end: continuation.resume(returning: nil)
                case .wait: break
                }
            }
        } onCancel: {
            let reader = state.withLock { state in
                defer { state.reader = nil }
                return state.reader
            }
            reader?.resume(returning: nil)
        }
    }
}
