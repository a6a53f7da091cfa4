import BotConversation
import BotCore
import BotTestSupport
import Testing

@Suite(.timeLimit(.minutes(5)))
struct KillTests {
    private struct Seeded: RandomNumberGenerator {
        var state: UInt64
        /// SplitMix64.
        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var word = state
            word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
            word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
            return word ^ (word >> 31)
        }
    }

    private static let settings = ConversationSettings(attempts: 100, version: "1")

    /// From the kill on nothing reaches the store, as after `kill -9`; the next engine has the store and nothing else.
    private static func runUntilKilled(_ store: InMemoryStore, accept events: [InboundEvent], yields: Int) async throws
    {
        try await EngineFixture(store: store, settings: settings).run { f in
            try await f.engine.accept(events, cursor: nil)
            for _ in 0..<yields { await Task.yield() }
            store.fail(with: .cancelled)
        }
        store.fail(with: nil)
    }

    private static func runUntilDone(_ store: InMemoryStore) async throws {
        try await EngineFixture(store: store, settings: settings).run { _ in
            while try await !store.unfinished(after: nil, limit: 1).isEmpty { await Task.yield() }
        }
    }

    @Test(
        "Promise 1: killed at any moment, every message is answered exactly once and in order", .serialized,
        arguments: 0..<40)
    func killsLoseAndRepeatNothing(seed: Int) async throws {
        let store = InMemoryStore()
        var random = Seeded(state: UInt64(seed))
        let batches = (0..<6).map { round in
            (0..<4).map { InboundEvent.message("m\(round).\($0)", chat: "\($0 % 2)") }
        }
        for (round, batch) in batches.enumerated() {
            // A platform that was not told in time sends the last batch once more.
            let again = round > 0 && Bool.random(using: &random) ? batches[round - 1] : []
            try await Self.runUntilKilled(store, accept: again + batch, yields: Int.random(in: 0..<150, using: &random))
        }
        try await Self.runUntilDone(store)
        for chat in ["0", "1"] {
            let messages = batches.joined().filter { $0.conversation.chat == chat }
            let expected = messages.flatMap { event -> [String] in
                guard case .message(let message) = event.body else { return [] }
                return ["user: \(message.text)", "assistant: re: \(message.text)"]
            }
            let session = try #require(try await store.session(of: .test(chat)))
            #expect(store.log(of: session.id).map { "\($0.role.rawValue): \($0.text)" } == expected)
        }
        let shown = store.allRows.compactMap { $0.row.payload?.text }
        #expect(shown.count == 24)
        #expect(Set(shown).count == 24)
    }

    @Test("Promise 3: a reset that was stored before a kill is carried out after it, in its place")
    func resetsSurviveKills() async throws {
        let store = InMemoryStore()
        _ = try await store.accept([.message("before"), .command("reset"), .message("after")], cursor: nil)
        let fixture = EngineFixture(store: store)
        fixture.model.script { $0.words == "after" ? .say(["fresh"]) : .hang(["late"]) }
        try await fixture.run { f in
            await f.delivery.waitForTexts(2)
            let log = try await f.log(in: "42")
            #expect(f.delivery.texts.count == 2)
            #expect(f.delivery.texts[1] == "fresh")
            #expect(log.suffix(2) == ["user: after", "assistant: fresh"])
            #expect(f.model.requests.last?.allWords == ["after"])
        }
    }
}
