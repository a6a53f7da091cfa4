import BotCore
import Logging

/// Makes the line of an entry. Whatever a value holds, it stays on its line and inside its quotes: nobody forges a line.
enum LineFormat {
    /// Longer texts are cut here, in bytes.
    static let longestValue = 8192

    static func line(for entry: LogEntry, as format: LogSettings.Format, redactor: Redactor) -> [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(160)
        let facts = entry.metadata.sorted { $0.key < $1.key }.map { key, value in
            (key: redactor.redacted(key), value: cut(redactor.redacted(text(of: value), of: key)))
        }
        let message = cut(redactor.redacted(entry.message))
        let category = redactor.redacted(entry.category)
        switch format {
        case .text:
            ISOTime.append(entry.time, to: &line)
            line.append(UInt8(ascii: " "))
            line.append(contentsOf: name(of: entry.level).utf8)
            line.append(contentsOf: " [".utf8)
            Escape.append(category, to: &line)
            line.append(contentsOf: "] ".utf8)
            Escape.append(message, to: &line)
            for fact in facts {
                line.append(UInt8(ascii: " "))
                Escape.appendValue(fact.key, to: &line)
                line.append(UInt8(ascii: "="))
                Escape.appendValue(fact.value, to: &line)
            }
        case .json:
            line.append(contentsOf: "{\"time\":\"".utf8)
            ISOTime.append(entry.time, to: &line)
            line.append(contentsOf: "\",\"level\":\"\(entry.level.rawValue)\",\"category\":".utf8)
            Escape.appendJSON(category, to: &line)
            line.append(contentsOf: ",\"message\":".utf8)
            Escape.appendJSON(message, to: &line)
            line.append(contentsOf: ",\"metadata\":{".utf8)
            for (index, fact) in facts.enumerated() {
                if index > 0 { line.append(UInt8(ascii: ",")) }
                Escape.appendJSON(fact.key, to: &line)
                line.append(UInt8(ascii: ":"))
                Escape.appendJSON(fact.value, to: &line)
            }
            line.append(contentsOf: "}}".utf8)
        }
        line.append(UInt8(ascii: "\n"))
        return line
    }

    /// The level in five characters.
    private static func name(of level: Logger.Level) -> String {
        switch level {
        case .trace: "TRACE"
        case .debug: "DEBUG"
        case .info: "INFO "
        case .notice: "NOTE "
        case .warning: "WARN "
        case .error: "ERROR"
        case .critical: "FATAL"
        }
    }

    private static func text(of value: Logger.Metadata.Value) -> String {
        switch value {
        case .string(let text): text
        case .stringConvertible(let value): value.description
        case .array(let values): "[" + values.map(text(of:)).joined(separator: ", ") + "]"
        case .dictionary(let values):
            "{" + values.sorted { $0.key < $1.key }.map { "\($0.key): \(text(of: $0.value))" }.joined(separator: ", ")
                + "}"
        }
    }

    private static func cut(_ text: String) -> String {
        guard text.utf8.count > longestValue else { return text }
        return String(decoding: text.utf8.prefix(longestValue), as: UTF8.self) + "…"
    }
}
