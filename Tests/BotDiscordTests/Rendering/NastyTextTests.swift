import BotCore
import BotTestSupport
import Foundation
import Testing

@testable import BotDiscord

/// Rendering and splitting of texts that were made to break them.
struct NastyTextTests {
    private static func check(_ text: String) {
        for messages in [DiscordRenderer.render(text), DiscordRenderer.renderPreview(text)] {
            for message in messages {
                #expect((1...2000).contains(message.text.unicodeScalars.count), "\(text)")
                #expect(message.text.ranges(of: "```").count.isMultiple(of: 2), "a block is left open: \(message.text)")
                #expect(!message.text.trimmed.isEmpty)
            }
            let whole = MarkdownDialect.adapted(text)
            for (one, next) in zip(messages, messages.dropFirst()) {
                let (end, start) = (one.text.suffix(12), next.text.prefix(12))
                // Together they are as many characters as apart, unless they never stood together.
                let isWhole = (end + start).count == end.count + start.count
                #expect(isWhole || !whole.contains(end + start), "a character is cut: \(end)|\(start)")
            }
        }
    }

    @Test("D21: texts chosen by hand are legal", arguments: NastyMarkdown.texts + NastyMarkdown.replies)
    func chosen(_ text: String) {
        Self.check(text)
    }

    @Test("D21: random Markdown is legal, long or short, whole or broken", .serialized, arguments: 0..<12)
    func random(_ seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed) &+ 400)
        Self.check(RandomMarkdown.text(pieces: Int.random(in: 1...300, using: &random), using: &random))
        Self.check((0..<4).map { _ in RandomMarkdown.brokenReply(using: &random) }.joined(separator: "\n"))
    }

    @Test("D21: no word of a reply is lost, however broken its markup is", .serialized, arguments: 0..<40)
    func losesNoWord(_ seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed) &+ 9000)
        let words = (0..<Int.random(in: 20...120, using: &random)).map { "word\($0)end" }
        let text = words.map { $0 + RandomMarkdown.marker(using: &random) }.joined()
        let shown = DiscordRenderer.render(text).map(\.text).joined(separator: "\n")
        let lost = words.filter { !shown.contains($0) }
        #expect(lost.isEmpty, "\(lost) of \(text)")
    }

    @Test("D21: a reply as models write them keeps its code as it is")
    func keepsCode() {
        let shown = DiscordRenderer.render(NastyMarkdown.replies[2]).map(\.text).joined(separator: "\n")
        #expect(shown.contains("```json\n{\"a\": [\"**b**\", `c`], \"d\": \"\\u0000\"}\n```"))
        #expect(shown.contains("```\nlet indented = \"code\" // *not* italic\n  .more()\n```"))
        #expect(shown.contains("https://x.y/a_b_c?d=e&f=*g*"))
    }

    /// Each begins something whose end is looked for.
    private static let seeds = [
        "[", "[](", "[a](http://x", "`", "<b>", "$$\n", "||a", "[a]: http://x.y\n",
    ]

    private static func cost(of seed: String, length: Int) -> Double {
        let text = String(repeating: seed, count: length / seed.unicodeScalars.count)
        let start = clock()
        let messages = DiscordRenderer.render(text)
        let end = clock()
        withExtendedLifetime(messages) {}
        return Double(end - start)
    }

    private static func clock() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }

    @Test("D21: hostile input takes time in proportion to its length", .serialized, arguments: seeds)
    func isLinear(_ seed: String) {
        // Ends are looked for within reach: past that, four times the text is four times the time, and not sixteen.
        let ratio = Self.cost(of: seed, length: 12_000) / Self.cost(of: seed, length: 3000)
        #expect(ratio < 10)
    }
}
