import BotCore
import Logging

/// Keeps sessions short by summarising what was said first, beside the conversation: no reply ever waits for it.
///
/// Nothing is lost when it stops at any moment: what waits is found again with the next message, and a summary is stored whole or not at
/// all.
package final class Compactor: Sendable {
    /// How many sessions wait at most.
    private static let maxWaiting = 1000
    /// How many sessions are summarised at the same time.
    private static let maxJobs = 2
    /// The most tokens of messages that one job covers; a longer stretch takes several, one after the other.
    private static let maxSource = 6000
    /// How many messages have to come before it is looked again whether anything can be freed.
    private static let rest: Int64 = 4

    private struct State {
        var queue: CompactionQueue
        var wake: AsyncStream<Void>.Continuation?
    }

    private let store: any CheckpointStore & UsageStore
    private let findSession: @Sendable (SessionID) async throws(StoreError) -> Session?
    private let meter: any TokenMeter
    private let provider: any ModelProvider
    private let providers: [any ModelProvider]
    private let settings: SessionSettings
    private let deadline: Duration
    private let time: any TimeSource
    private let log: SessionLog
    private let onStored: @Sendable (Session) -> Void
    private let ledger: CompactionLedger
    private let state: Lock<State>

    /// - Parameters:
    ///   - findSession: reads a session from the store, never from a cache.
    ///   - provider: the model that the contexts are for, and that summarises where `summarizer` is nil or fails.
    ///   - deadline: how long one call may take.
    ///   - onStored: told each session whose summary was stored.
    init(
        store: any CheckpointStore & UsageStore,
        findSession: @escaping @Sendable (SessionID) async throws(StoreError) -> Session?,
        meter: any TokenMeter, provider: any ModelProvider, summarizer: (any ModelProvider)?,
        settings: SessionSettings, deadline: Duration = .seconds(60), time: any TimeSource, log: SessionLog,
        onStored: @escaping @Sendable (Session) -> Void
    ) {
        self.store = store
        self.findSession = findSession
        self.meter = meter
        self.provider = provider
        self.settings = settings
        self.deadline = deadline
        self.time = time
        self.log = log
        self.onStored = onStored
        providers = [summarizer, provider].compactMap { $0 }
        ledger = CompactionLedger(
            providers: providers.count, maxSource: Self.maxSource, maxSessions: Self.maxWaiting)
        state = Lock(State(queue: CompactionQueue(maxWaiting: Self.maxWaiting, maxRunning: Self.maxJobs)))
    }

    /// What was done since the start.
    package var metrics: CompactionMetrics {
        var metrics = ledger.metrics
        (metrics.waiting, metrics.running) = state.withLock { $0.queue.counts }
        return metrics
    }

    /// Looks whether a session is due, and remembers it if so. Cheap, and it never waits.
    func noted(_ session: Session) {
        let coverage = session.coverage
        guard coverage.liveMessages >= max(1, settings.minMessagesToSummarize),
            session.headSeq >= coverage.nextSummaryAt, policy.isDue(session), !ledger.isResting(session)
        else { return }
        enqueue(session.id)
    }

    /// Summarises what is noted until the task is cancelled. At most one such run at a time.
    package func run() async {
        let (wakes, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        state.withLock { $0.wake = wake }
        wake.yield()
        await withDiscardingTaskGroup { group in
            for await _ in wakes {
                while let id = state.withLock({ $0.queue.next() }) {
                    group.addTask { await self.work(on: id) }
                }
            }
            group.cancelAll()
        }
        state.withLock { $0.wake = nil }
    }

    // MARK: - Jobs

    private var modelTokens: ModelTokens { meter.tokens(of: provider.name) }
    private var policy: CompactionPolicy { CompactionPolicy(settings: settings, tokens: modelTokens) }

    private func enqueue(_ id: SessionID) {
        let (noted, wake) = state.withLock { ($0.queue.note(id), $0.wake) }
        switch noted {
        case .queued: wake?.yield()
        case .known: break
        case .dropped: ledger.count { $0.dropped += 1 }
        }
    }

    private func work(on id: SessionID) async {
        let job = CompactionJob(
            id: id, store: store, findSession: findSession, providers: providers, tokens: modelTokens,
            settings: settings, maxSource: Self.maxSource, deadline: deadline, ledger: ledger, time: time, log: log)
        do throws(StoreError) {
            settle(try await job.run(), of: id)
        } catch .cancelled {
            // The program ends; the session is as it was.
        } catch {
            log.warning("summary not stored", ["session.id": "\(id)", "error": "\(error)"])
        }
        let wake = state.withLock { state in
            state.queue.ended(id)
            return state.wake
        }
        wake?.yield()
    }

    private func settle(_ outcome: CompactionJob.Outcome, of id: SessionID) {
        switch outcome {
        case .stored(let before, let after, let checkpoint):
            ledger.stored(checkpoint)
            onStored(after)
            note(checkpoint, from: before, to: after)
            // A long stretch is summarised piece by piece.
            noted(after)
        case .outdated:
            log.debug("summary outdated", ["session.id": "\(id)"])
            if ledger.wasOutdated(id) { enqueue(id) }
        case .tooLong: enqueue(id)
        case .nothingToGain(let session): ledger.rest(id, until: session.headSeq + Self.rest)
        case .notDue, .cancelled: break
        }
    }

    private func note(_ checkpoint: Checkpoint, from before: Session, to after: Session) {
        let author =
            switch checkpoint.author {
            case .model(let name): name
            case .digest: "digest"
            }
        log.info(
            "session summarised",
            [
                "session.id": "\(after.id)", "summary.from": "\(checkpoint.fromSeq)",
                "summary.to": "\(checkpoint.toSeq)",
                "summary.replaced": "\(checkpoint.replacedTokens)", "summary.tokens": "\(checkpoint.tokens)",
                "summary.before": "\(policy.cost(of: before.coverage))",
                "summary.after": "\(policy.cost(of: after.coverage))", "summary.author": "\(author)",
                "session.summaries": "\(after.summaries)",
            ])
    }
}
