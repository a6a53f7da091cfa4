import BotCore

/// Holds what passes it until a test lets it go, one after the other, in the order that a seed gives.
final class Turnstile: Sendable {
    private struct State {
        var random: SeededRandom
        var waiting: [CheckedContinuation<Void, Never>] = []
        var isOpen = false
    }

    private let state: Lock<State>

    init(seed: UInt64) { state = Lock(State(random: SeededRandom(seed: seed))) }

    /// Waits to be let go, or passes at once: `percent` of the callers wait. Being cancelled lets nobody go.
    func pass(_ percent: Int) async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let waits = state.withLock { state in
                guard !state.isOpen, Int.random(in: 0..<100, using: &state.random) < percent else { return false }
                state.waiting.append(continuation)
                return true
            }
            if !waits { continuation.resume() }
        }
    }

    /// Lets one of those go that wait; false when nobody does.
    func letOneGo() -> Bool {
        let one = state.withLock { state in
            state.waiting.indices.randomElement(using: &state.random).map { state.waiting.remove(at: $0) }
        }
        one?.resume()
        return one != nil
    }

    /// Open lets everybody pass, and those go that wait.
    func set(open isOpen: Bool) {
        let waiting = state.withLock { state in
            state.isOpen = isOpen
            guard isOpen else { return [CheckedContinuation<Void, Never>]() }
            defer { state.waiting = [] }
            return state.waiting
        }
        for one in waiting { one.resume() }
    }
}

/// A small generator with a seed (SplitMix64), so that a failing run can be run again.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
