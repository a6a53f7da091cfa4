import BotTestSupport
import Foundation
import Testing

@testable import BotTelegram

/// Time by ratio between sizes, on the clock of the thread, so that other work on the machine does not count.
@Suite(.serialized)
struct LinearTimeTests {
    /// In scalars; the environment may want another, such as a million.
    private static let length =
        ProcessInfo.processInfo.environment["MYBOT_HOSTILE_LENGTH"].flatMap { Int($0) } ?? 16_000

    private static func cost(of seed: String, length: Int) -> Double {
        let text = String(repeating: seed, count: length / seed.unicodeScalars.count)
        return (0..<2).map { _ in
            let start = nanoseconds(of: CLOCK_THREAD_CPUTIME_ID)
            let chunks = MessageChunker().chunks(of: MarkdownRenderer.render(text))
            let preview = MarkdownRenderer.render(text, isUnfinished: true)
            let end = nanoseconds(of: CLOCK_THREAD_CPUTIME_ID)
            withExtendedLifetime((chunks, preview)) {}
            return Double(end - start)
        }.min() ?? 0
    }

    private static func nanoseconds(of clock: clockid_t) -> Int {
        var time = timespec()
        clock_gettime(clock, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }

    @Test("T29: hostile input takes time in proportion to its length", arguments: HostileText.seeds)
    func isLinear(seed: String) {
        // Ten times the text: ten times the time, or a hundred times that of a scan that looks back at all before.
        let ratio = Self.cost(of: seed, length: Self.length) / Self.cost(of: seed, length: Self.length / 10)
        #expect(ratio < 40)
    }
}
