/// Why a stream of events or lines cannot be read on.
package enum StreamFormatError: Error, Sendable, Equatable {
    /// A line is longer than the parser takes.
    case lineTooLong(limit: Int)
    /// An event's data is longer than the parser takes.
    case eventTooLarge(limit: Int)
}
