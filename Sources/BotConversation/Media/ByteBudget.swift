import BotCore

/// Shares out the memory that pictures and files of all turns may take at once. Who finds none left waits, in order; the wait ends with
/// the task.
final class ByteBudget: Sendable {
    private struct State {
        var free: Int
        var nextID = 0
        /// Those who wait, the first one first.
        var queue: [(id: Int, bytes: Int, continuation: CheckedContinuation<Bool, Never>)] = []

        /// Serves who can be served, never past one who cannot.
        mutating func serve() -> [CheckedContinuation<Bool, Never>] {
            var served: [CheckedContinuation<Bool, Never>] = []
            while let first = queue.first, first.bytes <= free {
                free -= first.bytes
                served.append(first.continuation)
                queue.removeFirst()
            }
            return served
        }
    }

    private let total: Int
    private let state: Lock<State>

    init(bytes: Int) {
        total = bytes
        state = Lock(State(free: bytes))
    }

    /// The bytes that nobody has.
    var free: Int { state.withLock { $0.free } }
    /// How many wait.
    var waiting: Int { state.withLock { $0.queue.count } }

    /// Takes bytes as soon as there are so many, runs the closure, and gives them back.
    ///
    /// - Parameters:
    ///   - bytes: more than there are in all counts as all.
    ///   - body: is given the function that gives back what turns out not to be needed: it takes how much is.
    /// - Returns: nil when the task was cancelled first.
    func with<Result: Sendable>(
        _ bytes: Int, _ body: (_ keepOnly: (Int) -> Void) async -> Result
    ) async -> Result? {
        let taken = min(max(0, bytes), total)
        guard await take(taken) else { return nil }
        var kept = taken
        defer { giveBack(kept) }
        return await body { needed in
            let excess = max(0, kept - max(0, needed))
            kept -= excess
            giveBack(excess)
        }
    }

    /// False when the task was cancelled before there was enough.
    private func take(_ bytes: Int) async -> Bool {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Bool, Never>) in
                // A cancellation before this point shows in `isCancelled`, one after it finds the waiter.
                let served = state.withLock { state -> [CheckedContinuation<Bool, Never>]? in
                    if Task.isCancelled { return nil }
                    state.queue.append((id, bytes, continuation))
                    return state.serve()
                }
                if let served { resume(served) } else { continuation.resume(returning: false) }
            }
        } onCancel: {
            let (waiter, served) = state.withLock { state in
                let place = state.queue.firstIndex { $0.id == id }
                let waiter = place.map { state.queue.remove(at: $0).continuation }
                return (waiter, state.serve())
            }
            waiter?.resume(returning: false)
            resume(served)
        }
    }

    private func giveBack(_ bytes: Int) {
        let served = state.withLock { state in
            state.free += bytes
            return state.serve()
        }
        resume(served)
    }

    private func resume(_ served: [CheckedContinuation<Bool, Never>]) {
        for waiter in served { waiter.resume(returning: true) }
    }
}
