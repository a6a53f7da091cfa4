import BotCore
import Logging

/// Knows whether the database can be written, for health and the log: each change of state is logged once.
final class StoreHealth: Sendable {
    /// The name under which the database stands in the `LinkMonitor`.
    static let link = "store"

    private let links: LinkMonitor
    private let logger: Logger
    private let problem = Lock<StoreError?>(nil)

    init(links: LinkMonitor, logger: Logger) {
        self.links = links
        self.logger = logger
    }

    func failed(_ error: StoreError) {
        let isNews = problem.withLock { problem in
            defer { problem = error }
            return problem != error
        }
        links.set(Self.link, to: .failed, problem: error.description)
        if isNews { logger.error("database cannot be used", metadata: ["store.problem": "\(error)"]) }
    }

    func works() {
        let healed = problem.withLock { problem in
            defer { problem = nil }
            return problem != nil
        }
        links.set(Self.link, to: .connected)
        if healed { logger.notice("database works again") }
    }
}
