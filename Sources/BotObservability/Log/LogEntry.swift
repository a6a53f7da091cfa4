import BotCore
import Logging

/// What one line of the log says.
struct LogEntry: Sendable {
    var time = Timestamp(rawValue: 0)
    let level: Logger.Level
    let category: String
    let message: String
    let metadata: Logger.Metadata
}
