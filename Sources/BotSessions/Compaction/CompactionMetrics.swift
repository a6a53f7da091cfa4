/// What the compaction has done since the start.
package struct CompactionMetrics: Sendable, Equatable {
    /// Jobs that were begun for a session that was due.
    package var jobs = 0
    /// Calls of models.
    package var calls = 0
    /// Calls that gave no answer.
    package var failedCalls = 0
    /// Summaries that were stored, and how many of them are digests.
    package var summaries = 0
    package var digests = 0
    /// Summaries that were thrown away, because the session had changed underneath.
    package var outdated = 0
    /// Answers that the gate refused, by its reason.
    package var rejections: [SummaryRejection: Int] = [:]
    /// Sessions that were not noted, because too many wait; their next message notes them again.
    package var dropped = 0

    /// Sessions that wait now, and jobs that run now.
    package var waiting = 0
    package var running = 0

    package init() {}
}
