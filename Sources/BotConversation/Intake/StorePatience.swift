import BotCore

/// Repeats work on the database while waiting can mend what is wrong, for ever, because what it carries must not be lost.
/// The end of the program cancels the task and with it the wait.
struct StorePatience: Sendable {
    let health: StoreHealth
    let time: any TimeSource

    /// - Throws: what waiting cannot mend, or `.cancelled`.
    func callAsFunction<Result>(
        _ work: () async throws(StoreError) -> Result
    ) async throws(StoreError) -> Result {
        var backoff = Backoff(first: .milliseconds(250), limit: .seconds(15))
        while true {
            do throws(StoreError) {
                let result = try await work()
                health.works()
                return result
            } catch {
                if error == .cancelled { throw error }
                health.failed(error)
                guard error.canHeal else { throw error }
            }
            do { try await time.sleep(for: backoff.next()) } catch { throw .cancelled }
        }
    }
}
