package import BotCore
import Logging

extension SessionManager {
    /// Small batches: between them others can write, however much there is to clean up.
    private static var batch: Int { 500 }

    /// Marks expired sessions inactive, takes away what may not be kept, and deletes what resets cleared a day ago, in small batches. The cache loses
    /// only the sessions that have expired.
    package func cleanup() async throws(StoreError) {
        let now = time.now
        var expired: [SessionID]
        repeat {
            expired = try await store.expire(at: now, limit: Self.batch)
            for id in expired {
                cache.invalidate(id)
                log.slept(id, "session expired")
            }
        } while expired.count >= Self.batch
        try await takeAwayOutdated()
        var deleted: Int
        repeat {
            deleted = try await store.deleteCleared(before: now - Self.undoPeriod, limit: Self.batch)
            if deleted > 0 { log.info("cleared messages deleted", ["cleanup.messages": "\(deleted)"]) }
        } while deleted >= Self.batch
    }

    /// Summarises what grows too long, and cleans up at once and then once an interval, until the task is cancelled. What fails is tried
    /// again the next time.
    package func run() async {
        async let compaction: Void = compactor.run()
        await keepClean()
        await compaction
    }

    /// What the compaction has done since the start.
    package var compaction: CompactionMetrics { compactor.metrics }

    private func keepClean() async {
        while !Task.isCancelled {
            do {
                try await cleanup()
            } catch .cancelled {
                return
            } catch {
                log.warning("session cleanup failed", ["error": "\(error)"])
            }
            do {
                try await time.sleep(for: max(settings.cleanupInterval, .seconds(1)))
            } catch {
                return  // cancelled: the only error of a sleep
            }
        }
    }
}
