import BotCore
import BotStore
import Logging

/// Forgets what is no longer needed: ids of finished events after two days, ended outbox rows after one, strangers about whom nobody has
/// decided, and what was spent when its month is over.
///
/// Telegram repeats an update for a day at most (protocols: Bot API, getUpdates), and what was missed on Discord is looked for a day back,
/// among messages that were seen: so two days of seen ids are enough.
struct StoreUpkeep {
    private static let interval = Duration.seconds(3600)
    private static let batch = 500
    private static let eventsKept = Duration.seconds(2 * 86_400)
    private static let rowsKept = Duration.seconds(86_400)

    let store: SQLiteStore
    let time: any TimeSource
    let logger: Logger

    /// Works at once and then hourly, until the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            do {
                while try await store.forgetFinished(before: time.now - Self.eventsKept, limit: Self.batch)
                    == Self.batch
                {}
                while try await store.forgetEnded(before: time.now - Self.rowsKept, limit: Self.batch) == Self.batch {}
                try await store.forgetAdmissions(AdmissionRules(), at: time.now)
                try await store.forgetSpending(beforeMonthOf: time.now)
                try await time.sleep(for: Self.interval)
            } catch is CancellationError {
                return
            } catch {
                logger.warning("upkeep failed", metadata: ["error": "\(error)"])
                do { try await time.sleep(for: Self.interval) } catch { return }
            }
        }
    }
}
