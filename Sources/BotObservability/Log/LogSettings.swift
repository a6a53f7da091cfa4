package import Logging

/// Where the log goes and what it looks like.
package struct LogSettings: Sendable, Equatable {
    /// How a line looks.
    package enum Format: String, Sendable {
        /// `TIME LEVEL [category] text key=value`.
        case text
        /// One JSON object a line.
        case json
    }

    /// The file; its folder is made if need be.
    package var path: String
    /// The lowest level that is written.
    package var level: Logger.Level
    package var format: Format
    /// The file never grows beyond this many bytes, unless one line alone does.
    package var maxBytes: Int
    /// How many older files are kept: `mybot.log.1` is the newest of them.
    package var keepFiles: Int
    /// The lowest level that is shown on standard error as well; nil shows nothing.
    package var consoleLevel: Logger.Level?

    package init(
        path: String = "logs/mybot.log", level: Logger.Level = .info, format: Format = .text,
        maxBytes: Int = 10_485_760,
        keepFiles: Int = 5, consoleLevel: Logger.Level? = .warning
    ) {
        self.path = path
        self.level = level
        self.format = format
        self.maxBytes = maxBytes
        self.keepFiles = keepFiles
        self.consoleLevel = consoleLevel
    }
}
