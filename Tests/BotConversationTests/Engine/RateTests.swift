import BotConversation
import BotCore
import BotTestSupport
import Testing

@Suite(.timeLimit(.minutes(5)))
struct RateTests {
    private let settings = ConversationSettings(
        rates: RateLimits(person: RateLimit(burst: 2, perMinute: 6)), version: "1.2")
    private let told =
        "You are quicker than I am. Please send this again in 10 seconds; what comes before that I do not answer."

    private func say(_ f: EngineFixture, _ texts: String...) async throws {
        try await f.engine.accept(texts.map { .message($0) }, cursor: nil)
    }

    @Test func aPersonWhoIsTooQuickIsToldOnceAndAnsweredAgainLater() async throws {
        try await EngineFixture(settings: settings).run { f in
            try await say(f, "a", "b", "c", "d", "e")
            try await f.engine.accept([.command("help")], cursor: nil)
            await f.delivery.waitForTexts(4)
            #expect(f.delivery.texts.prefix(3) == ["re: a", "re: b", told])
            #expect(try await f.store.unfinished(after: nil, limit: 9).isEmpty)
            f.time.advance(by: .seconds(10))
            try await f.engine.accept([.message("f", id: "f")], cursor: nil)
            await f.delivery.waitForTexts(5)
            #expect(f.model.requests.count == 3)
        }
    }

    @Test func commandsThatAskNoModelAreNeverCounted() async throws {
        try await EngineFixture(settings: settings).run { f in
            for number in 0..<9 { try await f.engine.accept([.command("help", id: "h\(number)")], cursor: nil) }
            await f.delivery.waitForTexts(9)
            #expect(f.delivery.texts.allSatisfy { $0.contains("/reset") })
            try await say(f, "a", "b", "c")
            await f.delivery.waitForTexts(12)
            #expect(f.delivery.texts.suffix(3) == ["re: a", "re: b", told])
        }
    }

    @Test func answeringAgainCounts() async throws {
        try await EngineFixture(settings: settings).run { f in
            try await say(f, "a")
            await f.delivery.waitForTexts(1)
            for number in 0..<2 { try await f.engine.accept([.command("retry", id: "r\(number)")], cursor: nil) }
            await f.delivery.waitForTexts(3)
            #expect(f.delivery.texts == ["re: a", "re: a", told])
        }
    }

    /// An album is one question; so is one that its person has edited while it was answered.
    @Test func whatIsOneQuestionCountsOnce() async throws {
        try await EngineFixture(settings: settings).run { f in
            let parts = (0..<5).map { number in
                InboundEvent.test(
                    .message(InboundMessage(text: "part \(number)", album: "x")), id: "album \(number)")
            }
            try await f.engine.accept(parts, cursor: nil)
            await f.time.waitForSleepers(1)
            f.time.advance(by: .seconds(5))
            await f.delivery.waitForTexts(1)
            try await say(f, "b", "c")
            await f.delivery.waitForTexts(3)
            #expect(f.model.requests.count == 2)
            #expect(f.delivery.texts.last?.hasPrefix("You are quicker than I am.") == true)
        }
    }

    @Test func ownersAreNotLimited() async throws {
        let store = InMemoryStore()
        try await store.grant(
            AccessGrant(
                entry: "telegram:42", role: .owner, name: "Ada", grantedBy: "pairing",
                grantedAt: Timestamp(rawValue: 1)))
        try await EngineFixture(store: store, settings: settings).run { f in
            try await say(f, "a", "b", "c", "d", "e")
            await f.delivery.waitForTexts(5)
            #expect(f.model.requests.count == 5)
        }
    }

    @Test func whoIsShownThatAnAnswerComesIsAlwaysTold() async throws {
        try await EngineFixture(settings: settings).run { f in
            f.delivery.awaitAnswers()
            try await say(f, "a", "b", "c", "d")
            await f.delivery.waitForTexts(4)
            #expect(f.delivery.texts == ["re: a", "re: b", told, told])
        }
    }
}
