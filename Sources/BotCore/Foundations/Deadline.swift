/// Runs the work for a limited time. When the time is over or the task is cancelled, the work is cancelled and waited for.
///
/// - Returns: what the work returns; nil when the time was over first or the task was cancelled.
@discardableResult
package func withDeadline<Value: Sendable>(
    _ limit: Duration, by time: any TimeSource, _ work: @escaping @Sendable () async -> Value
) async -> Value? {
    await withTaskGroup(of: Value?.self) { group in
        group.addTask { await work() }
        group.addTask {
            // Its only error is that of being cancelled, when the work is done or nobody waits for it: an end like the other.
            try? await time.sleep(for: limit)
            return nil
        }
        defer { group.cancelAll() }
        return await group.next() ?? nil
    }
}
