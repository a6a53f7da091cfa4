package import BotCore

/// A time source that a test moves by hand: nobody wakes before `advance` says so.
package final class ManualTime: TimeSource {
    private struct Sleeper {
        let deadline: Duration
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var uptime: Duration = .zero
        var wall: Timestamp
        var nextID = 0
        var sleepers: [Int: Sleeper] = [:]
        var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
        var cancelledEarly: Set<Int> = []

        mutating func takeSatisfiedWatchers() -> [CheckedContinuation<Void, Never>] {
            let count = sleepers.count
            let satisfied = watchers.filter { $0.count <= count }.map(\.continuation)
            watchers.removeAll { $0.count <= count }
            return satisfied
        }
    }

    private let state: Lock<State>

    /// Starts at uptime zero and the given wall-clock time.
    package init(now: Timestamp = Timestamp(rawValue: 1_790_000_000_000)) {
        state = Lock(State(wall: now))
    }

    package var now: Timestamp { state.withLock { $0.wall } }
    package var uptime: Duration { state.withLock { $0.uptime } }

    package func sleep(untilUptime deadline: Duration) async throws {
        try Task.checkCancellation()
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                enum Next { case wait, wake, fail }
                let (next, watchers) = state.withLock { state -> (Next, [CheckedContinuation<Void, Never>]) in
                    if state.cancelledEarly.remove(id) != nil { return (.fail, []) }
                    if deadline <= state.uptime { return (.wake, []) }
                    state.sleepers[id] = Sleeper(deadline: deadline, continuation: continuation)
                    return (.wait, state.takeSatisfiedWatchers())
                }
                for watcher in watchers { watcher.resume() }
                switch next {
                case .wait: break
                case .wake: continuation.resume()
                case .fail: continuation.resume(throwing: CancellationError())
                }
            }
        } onCancel: {
            let sleeper = state.withLock { state -> Sleeper? in
                let sleeper = state.sleepers.removeValue(forKey: id)
                if sleeper == nil { state.cancelledEarly.insert(id) }
                return sleeper
            }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Moves both clocks forward and wakes whose deadline has come, earliest first.
    package func advance(by span: Duration) {
        let due = state.withLock { state -> [Sleeper] in
            state.uptime += span
            state.wall = state.wall + span
            let due = state.sleepers.filter { $0.value.deadline <= state.uptime }
            for id in due.keys { state.sleepers[id] = nil }
            return due.values.sorted { $0.deadline < $1.deadline }
        }
        for sleeper in due { sleeper.continuation.resume() }
    }

    /// Waits until at least so many tasks sleep, so that a test knows that what it drives has come to rest.
    package func waitForSleepers(_ count: Int = 1) async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let reached = state.withLock { state in
                if state.sleepers.count >= count { return true }
                state.watchers.append((count, continuation))
                return false
            }
            if reached { continuation.resume() }
        }
    }

    /// The earliest deadline that a task sleeps for, from now; nil when none sleeps.
    package var nextWake: Duration? {
        state.withLock { state in
            state.sleepers.values.map(\.deadline).min().map { $0 - state.uptime }
        }
    }
}
