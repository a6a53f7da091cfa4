#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Tells the time and waits: everything that depends on time takes one of these, so that tests decide what time it is.
package protocol TimeSource: Sendable {
    /// Wall-clock time, for what is stored and shown.
    var now: Timestamp { get }

    /// Time since an arbitrary start that only goes forward, for deadlines and intervals.
    var uptime: Duration { get }

    /// Waits until `uptime` has reached the given value.
    ///
    /// - Throws: `CancellationError` as soon as the task is cancelled.
    func sleep(untilUptime deadline: Duration) async throws
}

extension TimeSource {
    /// Waits for the given span.
    ///
    /// - Throws: `CancellationError` as soon as the task is cancelled.
    package func sleep(for span: Duration) async throws {
        try await sleep(untilUptime: uptime + span)
    }
}

/// The machine's own clocks.
package struct SystemTime: TimeSource {
    package init() {}

    package var now: Timestamp {
        let time = read(CLOCK_REALTIME)
        return Timestamp(rawValue: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    package var uptime: Duration {
        let time = read(CLOCK_MONOTONIC)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }

    package func sleep(untilUptime deadline: Duration) async throws {
        let span = deadline - uptime
        if span > .zero {
            // The one place that really sleeps: every wait in the program goes through here.
            try await Task.sleep(for: span)
        } else {
            try Task.checkCancellation()
        }
    }

    private func read(_ clock: clockid_t) -> timespec {
        var time = timespec()
        clock_gettime(clock, &time)
        return time
    }
}
