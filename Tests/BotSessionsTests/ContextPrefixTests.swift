import BotCore
import BotTestSupport
import Testing

@testable import BotSessions

/// Goal 19: consecutive contexts begin the same, so that providers' prompt caches hit.
@Suite(.timeLimit(.minutes(5)))
struct ContextPrefixTests {
    private struct Sharing {
        var sum = 0.0
        var count = 0
        var breaks = 0
        var mean: Double { count == 0 ? 1 : sum / Double(count) }

        /// Notes how much of the last context, without what stands behind the newest words, this one begins with.
        mutating func note(_ last: [PromptMessage], then next: [PromptMessage], counter: any TokenCounter) {
            let all = last.map { counter.count($0.content) }
            var shared = 0
            for (place, pair) in zip(last, next).enumerated() {
                guard pair.0.role == pair.1.role,
                    pair.1.content.hasPrefix(pair.0.words(asLast: place == last.count - 1))
                else { break }
                shared += all[place]
            }
            sum += Double(shared) / Double(max(1, all.reduce(0, +)))
            count += 1
            if shared < all.reduce(0, +) { breaks += 1 }
        }
    }

    /// A context after each message, and apart from that one for each turn. Chats of short, usual and long messages.
    @Test(
        "Goal 19: the shared prefix of consecutive contexts",
        arguments: [(6, 40, 0.9, 10), (20, 200, 0.9, 10), (40, 700, 0.8, 6)])
    func consecutiveContextsShareTheirBeginning(
        shortest: Int, longest: Int, mean: Double, messagesPerBreak: Int
    ) async throws {
        var random = SeededRandom(seed: UInt64(longest))
        let counter = PieceCounter()
        // Words that nothing is searched with: what is recalled changes no prefix, only the room that is kept for it does.
        let fixture = SessionsFixture(counter: counter)
        let id = try await fixture.session()
        var (messages, turns) = (Sharing(), Sharing())
        var (last, lastOfTurn): ([PromptMessage]?, [PromptMessage]?)
        for turn in 0..<400 {
            for role in [Role.user, .assistant] {
                let length = Int.random(in: shortest...longest, using: &random)
                let text = String(repeating: "the ", count: 1 + length / 4)
                _ = try await fixture.manager.addMessage(to: id, role: role, content: text)
                let request = ContextRequest(
                    session: id, moment: Timestamp(rawValue: 1_790_000_000_000 + Int64(turn) * 60_000))
                let next = try #require(try await fixture.manager.buildContext(request)).messages
                if let last { messages.note(last, then: next, counter: counter) }
                last = next
                guard role == .user else { continue }
                if let lastOfTurn { turns.note(lastOfTurn, then: next, counter: counter) }
                lastOfTurn = next
            }
        }
        #expect(messages.mean >= mean, "after each turn \(turns.mean)")
        #expect(messages.breaks <= 800 / messagesPerBreak)
        // A break in ten messages is one in five turns.
        #expect(turns.mean >= 1 - 2 * (1 - mean) - 0.05)
    }
}

extension PromptMessage {
    /// The content, of the last message without what stands behind the words.
    fileprivate func words(asLast isLast: Bool) -> String { isLast || role == .user ? words : content }
}
