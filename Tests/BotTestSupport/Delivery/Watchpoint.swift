import BotCore

/// State of a double, and tests that wait until it is as they expect.
package final class Watchpoint<State: Sendable>: Sendable {
    private struct Waiter {
        let condition: @Sendable (State) -> Bool
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct Guarded {
        var state: State
        var waiters: [Waiter] = []
    }

    private let guarded: Lock<Guarded>

    package init(_ state: State) { guarded = Lock(Guarded(state: state)) }

    package var state: State { guarded.withLock { $0.state } }

    /// Changes the state and wakes who waited for what it is now.
    package func change<Result: Sendable>(_ body: (inout State) -> Result) -> Result {
        let (result, woken) = guarded.withLock { guarded -> (Result, [Waiter]) in
            let result = body(&guarded.state)
            let woken = guarded.waiters.filter { $0.condition(guarded.state) }
            guarded.waiters.removeAll { $0.condition(guarded.state) }
            return (result, woken)
        }
        for waiter in woken { waiter.continuation.resume() }
        return result
    }

    /// Waits until the condition holds; the suite's time limit ends a wait that is in vain.
    package func wait(until condition: @escaping @Sendable (State) -> Bool) async {
        await withCheckedContinuation { continuation in
            let holds = guarded.withLock { guarded in
                if condition(guarded.state) { return true }
                guarded.waiters.append(Waiter(condition: condition, continuation: continuation))
                return false
            }
            if holds { continuation.resume() }
        }
    }
}
