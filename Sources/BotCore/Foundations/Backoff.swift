/// Waits between attempts: doubled each time up to a limit, with jitter so that many clients do not return together.
package struct Backoff: Sendable, Equatable {
    private let first: Duration
    private let limit: Duration
    /// How many failures in a row there were.
    package private(set) var failures = 0

    /// Creates a backoff.
    ///
    /// - Parameters:
    ///   - first: the wait after the first failure.
    ///   - limit: the longest wait.
    package init(first: Duration, limit: Duration) {
        self.first = first
        self.limit = limit
    }

    /// Counts a failure and returns how long to wait: between half of the step and the whole of it.
    ///
    /// - Parameter random: a number in 0..<1 that places the wait in its range.
    package mutating func next(random: Double = .random(in: 0..<1)) -> Duration {
        let step = min(limit, first * (1 << min(failures, 30)))
        failures += 1
        return step * (0.5 + random / 2)
    }

    /// Starts again from the first step, after a success.
    package mutating func reset() { failures = 0 }
}
