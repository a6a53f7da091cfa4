import BotCore
import Logging

/// Keeps what is logged, at every level, with its metadata.
final class LineLog: Sendable {
    private let kept = Lock<[(level: Logger.Level, text: String)]>([])

    var logger: Logger { Logger(label: "test") { _ in Handler(log: self) } }

    /// All lines.
    var text: String { kept.withLock { $0.map(\.text).joined(separator: "\n") } }

    /// The messages of a level, without their metadata.
    func messages(at level: Logger.Level) -> [String] {
        kept.withLock { lines in
            lines.filter { $0.level == level }.map { String($0.text.prefix { $0 != "|" }) }
        }
    }

    private struct Handler: LogHandler {
        let log: LineLog
        var logLevel = Logger.Level.trace
        var metadata: Logger.Metadata = [:]

        init(log: LineLog) { self.log = log }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let line = "\(event.message)|\(event.metadata ?? [:])"
            log.kept.withLock { $0.append((event.level, line)) }
        }
    }
}
