/// A gate that tasks wait at while it is closed. Waiting ends when it opens or the task is cancelled.
package final class Gate: Sendable {
    private struct State {
        var isOpen: Bool
        var nextID = 0
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
    }

    private let state: Lock<State>

    package init(isOpen: Bool) { state = Lock(State(isOpen: isOpen)) }

    package var isOpen: Bool { state.withLock { $0.isOpen } }

    /// Opens or closes it; opening lets everybody through who waits.
    package func set(open: Bool) {
        let waiters = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            state.isOpen = open
            guard open else { return [] }
            defer { state.waiters = [:] }
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Returns once the gate is open.
    ///
    /// - Throws: `CancellationError` alone.
    package func wait() async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                // A cancellation before this point shows in `isCancelled`, one after it finds the waiter.
                let goesOn = state.withLock { state in
                    if state.isOpen || Task.isCancelled { return true }
                    state.waiters[id] = continuation
                    return false
                }
                if goesOn { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: id) }?.resume()
        }
        try Task.checkCancellation()
    }
}
