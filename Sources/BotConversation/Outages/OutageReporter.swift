package import BotCore
import Foundation
package import Logging

/// Tells the owners of providers that fail, in their private chats, the log and the state of the links.
///
/// What they were told is kept over restarts, so that a start does not tell it again, and they hear when it is mended.
package final class OutageReporter: Sendable {
    private struct Outcome {
        let provider: String
        let error: ModelError?
        let at: Timestamp
    }

    /// The name of what is kept.
    private static let memory = "outages"
    /// How many outcomes wait at most; beyond that the oldest are let go, since later ones tell the same.
    private static let mostWaiting = 512

    private let store: any CursorStore
    private let links: LinkMonitor
    private let time: any TimeSource
    private let logger: Logger
    private let waiting = Lock<[Outcome]>([])
    private let isNeeded = Gate(isOpen: false)

    package init(store: any CursorStore, links: LinkMonitor, time: any TimeSource, logger: Logger) {
        self.store = store
        self.links = links
        self.time = time
        self.logger = logger
    }

    /// Takes note of what became of a request; returns at once.
    ///
    /// - Parameter error: why it failed; nil when it was answered.
    /// - Parameter provider: as `openai/gpt-5`.
    package func note(_ error: ModelError?, of provider: String) {
        let outcome = Outcome(provider: provider, error: error, at: time.now)
        waiting.withLock { waiting in
            if waiting.count >= Self.mostWaiting { waiting.removeFirst() }
            waiting.append(outcome)
        }
        isNeeded.set(open: true)
    }

    /// Tells what there is to tell until the task is cancelled.
    package func run(owners: OwnerMessenger) async {
        var watch = await remembered()
        while true {
            // Only being cancelled ends the wait otherwise.
            do { try await isNeeded.wait() } catch { return }
            isNeeded.set(open: false)
            await handleWaiting(&watch, owners)
        }
    }

    /// Tells what there is to tell of the outcomes that wait.
    func handleWaiting(_ watch: inout OutageWatch, _ owners: OwnerMessenger) async {
        let outcomes = waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        for outcome in outcomes { await take(outcome, &watch, owners) }
    }

    private func take(_ outcome: Outcome, _ watch: inout OutageWatch, _ owners: OwnerMessenger) async {
        var next = watch
        let notice =
            if let error = outcome.error {
                next.failed(outcome.provider, error, at: outcome.at)
            } else {
                next.worked(outcome.provider, at: outcome.at)
            }
        guard let notice else {
            watch = next
            return
        }
        show(notice)
        do {
            let count = try await owners.tell(OutageText.text(notice))
            log(notice, told: count)
            try await store.setCursor(named: Self.memory, to: Self.text(of: next))
            watch = next
        } catch {
            // Nothing was told as far as is known: the next outcome of this kind is tried again.
            logger.warning("the owners could not be told of a model", metadata: ["error": "\(error)"])
        }
    }

    private func show(_ notice: OutageWatch.Notice) {
        let link = "model/\(notice.server)"
        switch notice.kind {
        case .began(let cause, _, _), .lasts(let cause, _):
            links.set(
                link, to: cause.needsTheOwner ? .failed : .connecting, problem: OutageText.status(cause, notice))
        case .over: links.set(link, to: .connected)
        }
    }

    private func log(_ notice: OutageWatch.Notice, told count: Int) {
        let metadata: Logger.Metadata = ["provider.name": "\(notice.model)", "owner.chats": "\(count)"]
        switch notice.kind {
        case .began(let cause, _, _), .lasts(let cause, _):
            logger.warning("model is out", metadata: metadata.merging(["model.cause": "\(cause)"]) { $1 })
        case .over: logger.notice("model works again", metadata: metadata)
        }
    }

    private func remembered() async -> OutageWatch {
        do {
            guard let text = try await store.cursor(named: Self.memory) else { return OutageWatch() }
            return try JSONDecoder().decode(OutageWatch.self, from: Data(text.utf8))
        } catch {
            // The owners are told once more at worst.
            logger.notice("nothing known of earlier outages", metadata: ["error": "\(error)"])
            return OutageWatch()
        }
    }

    private static func text(of watch: OutageWatch) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(watch), as: UTF8.self)
    }
}
