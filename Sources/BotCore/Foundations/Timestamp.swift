/// A moment of wall-clock time in milliseconds since 1970-01-01 UTC, as the database and the REST API have it.
package struct Timestamp: RawRepresentable, Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    /// Milliseconds since the epoch.
    package let rawValue: Int64

    package init(rawValue: Int64) { self.rawValue = rawValue }

    package static func < (left: Timestamp, right: Timestamp) -> Bool { left.rawValue < right.rawValue }

    package static func + (moment: Timestamp, span: Duration) -> Timestamp {
        Timestamp(rawValue: moment.rawValue + span.milliseconds)
    }

    package static func - (moment: Timestamp, span: Duration) -> Timestamp {
        Timestamp(rawValue: moment.rawValue - span.milliseconds)
    }

    /// The span from an earlier moment to this one; negative when `earlier` is later.
    package func since(_ earlier: Timestamp) -> Duration { .milliseconds(rawValue - earlier.rawValue) }

    package var description: String { "\(rawValue)" }
}

extension Duration {
    /// This span in whole milliseconds, rounded down.
    package var milliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }

    /// This span in seconds.
    package var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
