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

    /// Adds an element; returns false when the queue has ended.
    @discardableResult
    func put(_ element: Element) -> Bool {
        let (taken, reader) = state.withLock { state -> (Bool, CheckedContinuation<Element?, Never>?) in
            if state.closed { return (false, nil) }
            if let reader = state.reader {
                state.reader = nil
                return (true, reader)
            }
            state.elements.append(element)
            return (true, nil)
        }
        reader?.resume(returning: element)
        return taken
    }

    /// Ends the queue and returns what nobody has taken.
    func drain() -> [Element] {
        close()
        return state.withLock { state in
            defer { state.elements = [] }
            return state.elements
        }
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
