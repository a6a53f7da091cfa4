import BotCore

/// A value that is set once and can be waited for.
final class OneShot<Value: Sendable>: Sendable {
    private struct State {
        var value: Value?
        var nextID = 0
        var waiters: [Int: CheckedContinuation<Value?, Never>] = [:]
    }

    private enum Step { case resume(Value?), wait }

    private let state = Lock(State())

    /// Sets the value; the first one stands.
    func set(_ value: Value) {
        let waiters = state.withLock { state -> [CheckedContinuation<Value?, Never>] in
            guard state.value == nil else { return [] }
            state.value = value
            defer { state.waiters = [:] }
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.resume(returning: value) }
    }

    /// Whether the value has been set.
    var isSet: Bool { state.withLock { $0.value != nil } }

    /// Waits for the value; nil when the task is cancelled first.
    func wait() async -> Value? {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let step = state.withLock { state -> Step in
                    if let value = state.value { return .resume(value) }
                    if Task.isCancelled { return .resume(nil) }
                    state.waiters[id] = continuation
                    return .wait
                }
                if case .resume(let value) = step { continuation.resume(returning: value) }
            }
        } onCancel: {
            let waiter = state.withLock { $0.waiters.removeValue(forKey: id) }
            waiter?.resume(returning: nil)
        }
    }
}
