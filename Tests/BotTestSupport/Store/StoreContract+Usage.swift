import BotCore
import Testing

extension StoreContract {
    /// Behaviours of `UsageStore`.
    package static let usage: [Behaviour] = [
        Behaviour("has no usage of a session that has cost nothing", startsFree),
        Behaviour("adds up what is alike and keeps apart what is not", addsUsage),
        Behaviour("tells the days and months of UTC apart", splitsUsageByTime),
        Behaviour("counts what a reset superseded", countsSuperseded),
        Behaviour("keeps the usage of sessions apart", separatesUsage),
        Behaviour("erases the usage with its session", erasesUsage),
    ]

    /// 2026-10-15 12:00 UTC.
    private static let noon = Timestamp(rawValue: 1_792_065_600_000)

    private static func share(
        _ model: String = "test/model", _ purpose: UsageShare.Purpose = .answer, _ period: UsageShare.Period = .today,
        _ asker: UsageShare.Asker = .unknown, requests: Int = 1, tokens: (prompt: Int, completion: Int, cached: Int)
    ) -> UsageShare {
        UsageShare(
            model: model, purpose: purpose, period: period, asker: asker, requests: requests,
            tokens: TokenUsage(
                promptTokens: tokens.prompt, completionTokens: tokens.completion, cachedTokens: tokens.cached))
    }

    /// Has a turn that costs 100 tokens of its prompt, 40 of them cached, and 5 of its answer.
    @discardableResult
    private static func spend(
        _ id: String, in store: any Store, chat: ConversationKey = StoreSamples.chat, model: String = "test/model",
        by person: String? = nil, at moment: Timestamp = noon
    ) async throws -> SessionID {
        let turn = try await StoreSamples.begin(id, in: store, chat: chat)
        let result = TurnResult(
            ending: .answered, message: nil, chunks: [],
            usage: TokenUsage(promptTokens: 100, completionTokens: 5, cachedTokens: 40), model: model, person: person)
        _ = try await store.commit(turn.id, result, at: moment)
        return turn.session.id
    }

    /// The shares in any order.
    private static func expect(
        _ shares: [UsageShare], of session: SessionID, askedBy person: String? = nil, in store: any Store
    ) async throws {
        let found = try await store.usage(of: session, askedBy: person, at: noon)
        #expect(found.count == shares.count)
        for share in shares { #expect(found.contains(share)) }
    }

    @Sendable private static func startsFree(_ store: any Store) async throws {
        let session = try await store.getOrCreate(StoreSamples.session(), at: noon)
        try await expect([], of: session.id, in: store)
        try await expect([], of: SessionID(999), in: store)
        let turn = try await StoreSamples.begin("1", in: store)
        let failed = TurnResult(ending: .failed, message: nil, chunks: [], usage: nil, model: "test/model")
        _ = try await store.commit(turn.id, failed, at: noon)
        try await expect([], of: session.id, in: store)
    }

    @Sendable private static func addsUsage(_ store: any Store) async throws {
        let id = try await spend("1", in: store)
        try await spend("2", in: store)
        try await spend("3", in: store, model: "test/other")
        try await spend("4", in: store, by: "7")
        try await spend("5", in: store, by: "8")
        try await spend("6", in: store, by: "9")
        let summary = TokenUsage(promptTokens: 500, completionTokens: 50)
        try await store.bookSummary(summary, model: "test/model", of: id, at: noon)
        try await expect(
            [
                share(requests: 2, tokens: (200, 10, 80)), share("test/other", tokens: (100, 5, 40)),
                share("test/model", .answer, .today, .person, tokens: (100, 5, 40)),
                share("test/model", .answer, .today, .somebodyElse, requests: 2, tokens: (200, 10, 80)),
                share("test/model", .summary, tokens: (500, 50, 0)),
            ], of: id, askedBy: "7", in: store)
        try await expect(
            [
                share(requests: 2, tokens: (200, 10, 80)), share("test/other", tokens: (100, 5, 40)),
                share("test/model", .answer, .today, .somebodyElse, requests: 3, tokens: (300, 15, 120)),
                share("test/model", .summary, tokens: (500, 50, 0)),
            ], of: id, in: store)
    }

    @Sendable private static func splitsUsageByTime(_ store: any Store) async throws {
        let (day, month) = (noon.startOfDay, noon.startOfMonth)
        #expect(day.minute == "2026-10-15 00:00")
        #expect(month.minute == "2026-10-01 00:00")
        let id = try await spend("1", in: store, at: month - .milliseconds(1))
        try await spend("2", in: store, at: month)
        try await spend("3", in: store, at: day - .milliseconds(1))
        try await spend("4", in: store, at: day)
        try await expect(
            [
                share("test/model", .answer, .earlier, tokens: (100, 5, 40)),
                share("test/model", .answer, .earlierThisMonth, requests: 2, tokens: (200, 10, 80)),
                share(tokens: (100, 5, 40)),
            ], of: id, in: store)
    }

    @Sendable private static func countsSuperseded(_ store: any Store) async throws {
        let turn = try await StoreSamples.begin("1", in: store)
        _ = try await StoreSamples.reset(in: store)
        #expect(try await store.commit(turn.id, StoreSamples.result(), at: noon) == .superseded)
        try await expect([share(tokens: (100, 5, 0))], of: turn.session.id, in: store)
    }

    @Sendable private static func separatesUsage(_ store: any Store) async throws {
        let id = try await spend("1", in: store)
        let other = try await spend("2", in: store, chat: StoreSamples.otherChat)
        #expect(id != other)
        try await expect([share(tokens: (100, 5, 40))], of: id, in: store)
        try await expect([share(tokens: (100, 5, 40))], of: other, in: store)
    }

    @Sendable private static func erasesUsage(_ store: any Store) async throws {
        let id = try await spend("1", in: store)
        let request = CommandRequest(conversation: .key(StoreSamples.chat), event: nil, at: StoreSamples.at(60))
        _ = try await store.forget(request, stopped: StoreSamples.stopped) { _ in [] }
        // What comes too late is nobody's.
        let late = TokenUsage(promptTokens: 1, completionTokens: 1)
        try await store.bookSummary(late, model: "test/model", of: id, at: noon)
        try await store.scrub()
        try await expect([], of: id, in: store)
        let again = try await store.getOrCreate(StoreSamples.session(), at: noon)
        try await expect([], of: again.id, in: store)
    }
}
