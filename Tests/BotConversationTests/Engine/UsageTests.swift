import BotConversation
import BotCore
import BotTestSupport
import Testing

@Suite(.timeLimit(.minutes(5)))
struct UsageTests {
    private let shared = ChatScope.shared(space: "telegram:chat:-1", title: "Crew")
    private let note = """
        These are the numbers that models report when an answer is whole; of one that was stopped none may be known. \
        Days are those of UTC.
        """

    private func ask(
        _ f: EngineFixture, _ name: String = "usage", chat: String = "42", scope: ChatScope = .direct,
        by speaker: Speaker? = nil
    ) async throws -> String {
        let before = f.delivery.texts.count
        try await f.engine.accept(
            [.command(name, chat: chat, id: "c\(before)", scope: scope, speaker: speaker)], cursor: nil)
        await f.delivery.waitForTexts(before + 1)
        return f.delivery.texts[before]
    }

    private func say(_ f: EngineFixture, _ events: InboundEvent...) async throws {
        let before = f.delivery.texts.count
        try await f.engine.accept(events, cursor: nil)
        await f.delivery.waitForTexts(before + events.count)
    }

    @Test func countsByDayMonthAndInAll() async throws {
        try await EngineFixture().run { f in
            try await say(f, .message("one"), .message("two"))
            f.time.advance(by: .seconds(86_400))
            try await say(f, .message("three"), .message("elsewhere", chat: "43"))
            let isSameMonth = f.time.now.startOfMonth < f.time.now - .seconds(86_400)
            #expect(
                try await ask(f) == """
                    What this conversation has cost, in tokens of prompts + answers:
                    Today: 10 + 5 in 1 request
                    This month: \(isSameMonth ? "30 + 15 in 3 requests" : "10 + 5 in 1 request")
                    In all: 30 + 15 in 3 requests

                    \(note)
                    """)
        }
    }

    @Test func aResetLeavesTheCostAndForgettingErasesIt() async throws {
        try await EngineFixture().run { f in
            try await say(f, .message("one"))
            _ = try await ask(f, "reset")
            #expect(try await ask(f).contains("In all: 10 + 5 in 1 request"))
            try await say(f, .command("forget", "yes"))
            #expect(try await ask(f) == "This conversation has cost no tokens yet.")
        }
    }

    @Test func modelsSummariesAndTheCacheAreToldApart() async throws {
        try await EngineFixture().run { f in
            try await say(f, .message("one"))
            let session = try #require(try await f.session(in: "42"))
            try await f.store.bookSummary(
                TokenUsage(promptTokens: 1_234_567, completionTokens: 1000, cachedTokens: 999), model: "other/_x_",
                of: session.id, at: f.time.now)
            #expect(
                try await ask(f) == """
                    What this conversation has cost, in tokens of prompts + answers:
                    Today: 1,234,577 + 1,005 in 2 requests (999 from the provider's cache)
                    This month: 1,234,577 + 1,005 in 2 requests (999 from the provider's cache)
                    In all: 1,234,577 + 1,005 in 2 requests (999 from the provider's cache)

                    By model:
                    - other/\\_x\\_: 1,234,567 + 1,000 in 1 request (999 from the provider's cache)
                    - scripted/test: 10 + 5 in 1 request

                    Of that for summaries of older messages: 1,234,567 + 1,000 in 1 request (999 from the provider's cache)

                    \(note)
                    """)
        }
    }

    @Test func inSharedChatsEachPersonSeesTheirOwnShare() async throws {
        try await EngineFixture().run { f in
            let (ada, bob) = (Speaker(id: "7", name: "Ada"), Speaker(id: "8", name: "Ada"))
            try await say(
                f, .message("one", chat: "-1", scope: shared, speaker: ada),
                .message("two", chat: "-1", scope: shared, speaker: bob),
                .message("three", chat: "-1", scope: shared, speaker: bob))
            let text = try await ask(f, chat: "-1", scope: shared, by: bob)
            #expect(text.contains("In all: 30 + 15 in 3 requests"))
            #expect(
                text.contains(
                    """
                    Of that for what you asked:
                    Today: 20 + 10 in 2 requests
                    This month: 20 + 10 in 2 requests
                    In all: 20 + 10 in 2 requests

                    """))
            let other = try await ask(f, chat: "-1", scope: shared, by: Speaker(id: "9", name: "Cy"))
            #expect(other.contains("Of that for what you asked:\nToday: nothing\n"))
            #expect(!other.contains("not noted"))
        }
    }
}
