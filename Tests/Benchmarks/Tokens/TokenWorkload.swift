import BotCore
import BotTokenizer
import Foundation

/// Counts the tokens of a text, in parts, as the peers do: one of them refuses longer ones.
final class TokenWorkload: Workload {
    private static let part = 50_000
    private let counter: any TokenCounter
    private let parts: [String]
    private let bytes: Int

    init(_ options: Options) throws {
        guard let file = options.corpus else { throw BenchmarkError.missing(option: "corpus") }
        counter = try Self.counter(options.tokenizer ?? "")
        let text = try String(contentsOfFile: file, encoding: .utf8)
        bytes = text.utf8.count
        var parts: [String] = []
        var rest = text.unicodeScalars[...]
        while !rest.isEmpty {
            parts.append(String(Substring(rest.prefix(Self.part))))
            rest = rest.dropFirst(Self.part)
        }
        self.parts = parts
    }

    func round() -> Figures {
        var tokens = 0
        let (wall, processor) = (Clock.wall, Clock.processor)
        for part in parts { tokens += counter.count(part) }
        let spent = Double(Clock.processor - processor) / 1e6
        let elapsed = Double(Clock.wall - wall) / 1e6
        return ["wall_ms": elapsed, "cpu_ms": spent, "bytes": Double(bytes), "tokens": Double(tokens)]
    }

    func end() {}

    private static func counter(_ name: String) throws -> any TokenCounter {
        guard let encoding = BytePairEncoding(rawValue: name) else { throw BenchmarkError.unknown("tokenizer \(name)") }
        return BytePairTokenCounter(encoding)
    }
}
