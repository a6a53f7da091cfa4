import BotCore
import BotTestSupport
import Foundation
import Testing

@testable import BotTelegram

/// Writes what renderer and splitter make of many texts into a file, for `.ci/check-rendering`, which lets Telegram's own
/// code judge it. Runs only when the environment names the file.
struct RenderingSamplesTests {
    private struct Sample: Encodable {
        let source: String
        let isUnfinished: Bool
        /// The whole text before it is split.
        let text: String
        let chunks: [Chunk]
    }

    private struct Chunk: Encodable {
        let text: String
        let entities: [MessageEntity]
    }

    private static let environment = ProcessInfo.processInfo.environment

    @Test("Writes samples for Telegram's own code to judge", .enabled(if: environment["MYBOT_RENDERINGS"] != nil))
    func writesSamples() throws {
        let path = try #require(Self.environment["MYBOT_RENDERINGS"])
        let count = Self.environment["MYBOT_RENDERINGS_COUNT"].flatMap { Int($0) } ?? 20_000
        try Data().write(to: URL(filePath: path))
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        defer { try? file.close() }
        let encoder = JSONEncoder()
        for number in 0..<count {
            var random = SeededRandom(seed: UInt64(number))
            let source = Self.source(number, using: &random)
            try file.write(contentsOf: encoder.encode(Self.sample(of: source, isUnfinished: false)) + Data("\n".utf8))
            guard number.isMultiple(of: 4), !source.isEmpty else { continue }
            let head = source.unicodeScalars.prefix(Int.random(in: 1...source.unicodeScalars.count, using: &random))
            try file.write(
                contentsOf: encoder.encode(Self.sample(of: String(head), isUnfinished: true)) + Data("\n".utf8))
        }
    }

    private static func source(_ number: Int, using random: inout SeededRandom) -> String {
        if number < NastyMarkdown.texts.count { return NastyMarkdown.texts[number] }
        switch number % 100 {
        // Several messages long.
        case 0: return RandomMarkdown.text(pieces: Int.random(in: 1000...3000, using: &random), using: &random)
        case 1: return (0..<12).map { _ in RandomMarkdown.brokenReply(using: &random) }.joined(separator: "\n")
        case 2:
            let seed = HostileText.seeds.randomElement(using: &random) ?? ""
            return String(repeating: seed, count: 6000 / seed.unicodeScalars.count)
        case 3..<50: return RandomMarkdown.brokenReply(using: &random)
        default: return RandomMarkdown.text(pieces: Int.random(in: 1...60, using: &random), using: &random)
        }
    }

    private static func sample(of source: String, isUnfinished: Bool) -> Sample {
        let text = MarkdownRenderer.render(source, isUnfinished: isUnfinished)
        return Sample(
            source: source, isUnfinished: isUnfinished, text: text.text,
            chunks: MessageChunker().chunks(of: text).map { Chunk(text: $0.text, entities: $0.entities) })
    }
}
