package import Logging

/// Hands a logger's lines to the log.
package struct LogFileHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    package var logLevel: Logger.Level
    private let category: String
    private let log: LogFile

    init(category: String, logLevel: Logger.Level, log: LogFile) {
        self.category = category
        self.logLevel = logLevel
        self.log = log
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var facts = metadata
        if let metadataProvider { facts.merge(metadataProvider.get()) { _, newer in newer } }
        if let added = event.metadata { facts.merge(added) { _, newer in newer } }
        if let error = event.error, facts["error"] == nil { facts["error"] = "\(error)" }
        log.write(LogEntry(level: event.level, category: category, message: event.message.description, metadata: facts))
    }
}
