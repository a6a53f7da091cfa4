import BotCore

/// Lets so many tests with databases, servers and processes of their own run at once; the others wait.
///
/// All tests of a process are begun together. Hundreds of them that share two processors all become slow enough for real deadlines to pass.
final class HeavyTests: Sendable {
    static let shared = HeavyTests(limit: 8)

    private struct State {
        var free: Int
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Lock<State>

    init(limit: Int) { state = Lock(State(free: limit)) }

    /// Waits for a place; each is given back.
    func take() async {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                if state.free > 0 {
                    state.free -= 1
                    return true
                }
                state.waiting.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
    }

    func giveBack() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            if state.waiting.isEmpty {
                state.free += 1
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.resume()
    }
}
