package import BotCore
package import Logging

/// The log: one file, rotated by size, and what is worth a look on standard error. Every line passes the redactor.
///
/// A line is written before the call that logs it returns: nothing is queued, so nothing can pile up or be lost in a crash.
package final class LogFile: Sendable {
    package let settings: LogSettings
    private let redactor: Redactor
    private let time: any TimeSource
    private let console: @Sendable (_ line: [UInt8]) -> Void
    private let file: Lock<RotatingFile>

    /// Creates the log; the file is opened with the first line.
    ///
    /// - Parameter console: where lines for a person go; standard error unless a test wants them.
    package init(
        _ settings: LogSettings, redactor: Redactor, time: any TimeSource = SystemTime(),
        console: @escaping @Sendable (_ line: [UInt8]) -> Void = LogFile.writeToStandardError
    ) {
        self.settings = settings
        self.redactor = redactor
        self.time = time
        self.console = console
        file = Lock(RotatingFile(path: settings.path, maxBytes: settings.maxBytes, keepFiles: settings.keepFiles))
    }

    /// A logger of a category, which is what stands in brackets in its lines.
    package func logger(_ category: String) -> Logger {
        Logger(label: category) { self.handler(label: $0) }
    }

    /// A handler for `LoggingSystem.bootstrap` and `Logger.init`; the label is the category.
    package func handler(label: String) -> LogFileHandler {
        LogFileHandler(category: label, logLevel: settings.level, log: self)
    }

    /// Writes one entry.
    func write(_ entry: LogEntry) {
        var entry = entry
        entry.time = time.now
        let uptime = time.uptime
        let line = LineFormat.line(for: entry, as: settings.format, redactor: redactor)
        let trouble = file.withLock { file in file.append(line, at: uptime, wall: entry.time) }
        if let level = settings.consoleLevel, entry.level >= level {
            let isText = settings.format == .text
            console(isText ? line : LineFormat.line(for: entry, as: .text, redactor: redactor))
        }
        if let trouble {
            let message = "mybot: cannot write the log \(settings.path): \(trouble); trying again every now and then\n"
            console(Array(redactor.redacted(message).utf8))
        }
    }
}
