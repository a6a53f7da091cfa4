import BotCore

/// State of a double, and tests that wait until it is as they expect.
package final class Watchpoint<State: Sendable>: Sendable {
    private struct Waiter {
        let condition: @Sendable (State) -> Bool
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct Guarded {
        var state: State
        var waiters: [Int: Waiter] = [:]
        var lastWaiter = 0

        mutating func takeWaiters() -> [Waiter] {
            let due = waiters.filter { $0.value.condition(state) }
            for id in due.keys { waiters[id] = nil }
            return Array(due.values)
        }
    }

    private let guarded: Lock<Guarded>

    package init(_ state: State) { guarded = Lock(Guarded(state: state)) }

    package var state: State { guarded.withLock { $0.state } }

    /// Changes the state and wakes who waited for what it is now.
    package func change<Result: Sendable>(_ body: (inout State) -> Result) -> Result {
        let (result, woken) = guarded.withLock { guarded -> (Result, [Waiter]) in
            (body(&guarded.state), guarded.takeWaiters())
        }
        for waiter in woken { waiter.continuation.resume() }
        return result
    }

    /// Waits until the condition holds, or the task is cancelled, as the suite's time limit does: what the test expects then fails.
    package func wait(until condition: @escaping @Sendable (State) -> Bool) async {
        let id = guarded.withLock { guarded in
            guarded.lastWaiter += 1
            return guarded.lastWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // A cancellation before this point shows in `isCancelled`, one after it finds the waiter.
                let goesOn = guarded.withLock { guarded in
                    if Task.isCancelled || condition(guarded.state) { return true }
                    guarded.waiters[id] = Waiter(condition: condition, continuation: continuation)
                    return false
                }
                if goesOn { continuation.resume() }
            }
        } onCancel: {
            guarded.withLock { $0.waiters.removeValue(forKey: id) }?.continuation.resume()
        }
    }
}
