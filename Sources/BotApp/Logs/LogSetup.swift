import BotCore
import BotObservability
import Foundation
package import Logging

/// The log file with its redaction, and the loggers that write to it.
package struct LogSetup: Sendable {
    private let file: LogFile
    private let isEchoed = Lock(false)

    /// Opens the log file.
    ///
    /// - Throws: `StartError` when it cannot be written.
    init(_ configuration: AppConfiguration) throws(StartError) {
        let settings = configuration.log
        let path = settings.path
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw StartError("the folder of the log, \(folder.path), cannot be made: check its rights, or set log.path")
        }
        let exists = FileManager.default.fileExists(atPath: path)
        guard FileManager.default.isWritableFile(atPath: exists ? path : folder.path) else {
            throw StartError(
                "the log \(FilePlaces.absolute(path)) cannot be written: check its rights, or set log.path")
        }
        file = LogFile(
            LogSettings(
                path: path, level: Logger.Level(rawValue: settings.level) ?? .info,
                format: LogSettings.Format(rawValue: settings.format) ?? .text, maxBytes: settings.maxBytes,
                keepFiles: settings.keepFiles),
            redactor: Redactor(secrets: configuration.secrets)
        ) { [isEchoed] line in
            if isEchoed.withLock({ $0 }) { LogFile.writeToStandardError(line) }
        }
    }

    /// Whether warnings and errors are shown on standard error as well: only while mybot serves. Why a start failed is said there
    /// in one line, and in a terminal that chats they would stand between the words.
    func echo(_ isOn: Bool) { isEchoed.withLock { $0 = isOn } }

    /// A logger whose lines have the category.
    package func logger(_ category: String) -> Logger { file.logger(category) }
}
