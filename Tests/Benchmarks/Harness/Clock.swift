import Glibc

/// Reads clocks: the wall's, and the processor time that this process has had on all threads.
enum Clock {
    static var wall: UInt64 { read(CLOCK_MONOTONIC) }
    static var processor: UInt64 { read(CLOCK_PROCESS_CPUTIME_ID) }

    private static func read(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}

/// Spans of wall time in nanoseconds.
struct Samples: Sendable {
    private(set) var values: [UInt64] = []

    mutating func add(_ value: UInt64) { values.append(value) }
    mutating func add(_ other: Samples) { values += other.values }

    /// The span that so large a part of all does not exceed, in milliseconds.
    func milliseconds(at part: Double) -> Double {
        guard !values.isEmpty else { return 0 }
        let sorted = values.sorted()
        let rank = Int((part * Double(sorted.count)).rounded(.up)) - 1
        return Double(sorted[min(max(0, rank), sorted.count - 1)]) / 1e6
    }
}

/// Keeps the optimiser from leaving out what nobody uses.
@inline(never)
func use<Value>(_ value: Value) {
    withExtendedLifetime(value) {}
}
