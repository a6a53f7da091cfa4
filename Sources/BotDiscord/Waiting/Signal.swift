import BotCore

/// Wakes tasks that wait for something to change; what has changed they look up themselves.
final class Signal: Sendable {
    private struct State {
        var nextID = 0
        var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
        var cancelled: Set<Int> = []
    }

    private let state = Lock(State())

    /// Wakes everybody who waits now.
    func notify() {
        let woken = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            defer { state.waiting = [:] }
            return Array(state.waiting.values)
        }
        for continuation in woken { continuation.resume() }
    }

    /// Waits for the next `notify` or until the task is cancelled, unless the condition holds already.
    ///
    /// - Parameter condition: looked at under the signal's lock, so that no change between look and wait is missed; it must
    ///   not call the signal.
    func wait(unless condition: @Sendable () -> Bool) async {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                let isOver = state.withLock { state in
                    if state.cancelled.contains(id) || condition() { return true }
                    state.waiting[id] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            let continuation = state.withLock { state -> CheckedContinuation<Void, Never>? in
                state.cancelled.insert(id)
                return state.waiting.removeValue(forKey: id)
            }
            continuation?.resume()
        }
        _ = state.withLock { $0.cancelled.remove(id) }
    }

    /// As `wait(unless:)`, but no longer than until the given uptime; nil is no limit.
    func wait(unless condition: @escaping @Sendable () -> Bool, until deadline: Duration?, _ time: any TimeSource) async
    {
        guard let deadline else { return await wait(unless: condition) }
        if condition() { return }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.wait(unless: condition) }
            // The only error is cancellation, which ends this wait as well.
            group.addTask { try? await time.sleep(untilUptime: deadline) }
            await group.next()
            group.cancelAll()
        }
    }
}
