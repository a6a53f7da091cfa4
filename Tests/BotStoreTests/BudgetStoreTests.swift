import BotCore
import BotTestSupport
import Testing

@testable import BotStore

@Suite(.timeLimit(.minutes(5)))
struct BudgetStoreTests {
    private let noon = StoreSamples.start

    /// Nobody knows what became of calls whose process has died: they count in full.
    @Test func whatADeadProcessHasReservedIsSpentInFull() async throws {
        try await TemporaryDirectory.with { directory in
            let path = directory.file("mybot.db")
            let store = try SQLiteStore.open(path: path)
            let plan = PlannedCall(
                person: "telegram:7", chat: StoreSamples.chat, model: "test/model", tokens: 100, money: 5)
            let first = try await store.reserve(plan, within: [], warnAt: nil, at: noon)
            _ = try await store.reserve(plan, within: [], warnAt: nil, at: noon)
            guard case .made(let id, _) = first else {
                Issue.record("refused")
                return
            }
            try await store.settle(
                id,
                as: CallCost(model: "test/model", tokens: TokenUsage(promptTokens: 10, completionTokens: 1), money: 1))
            try store.close()
            let again = try SQLiteStore.open(path: path)
            let report = try await again.spending(limit: 9, at: noon)
            #expect(report.reservedCalls == 0)
            #expect(report.all.today.allTokens == 111)
            #expect(report.all.today.money == 6)
            #expect(report.people.map(\.spent.today.allTokens) == [111])
            // A late word of the dead process's call changes nothing.
            try await again.settle(
                ReservationID(id.rawValue + 1),
                as: CallCost(model: "x", tokens: TokenUsage(promptTokens: 1, completionTokens: 1)))
            #expect(try await again.spending(limit: 9, at: noon) == report)
            try again.close()
        }
    }

    /// Whoever updates in the middle of a month has not got a new budget.
    @Test func takesOverWhatEarlierVersionsHaveBooked() async throws {
        try await TemporaryDirectory.with { directory in
            let path = directory.file("mybot.db")
            let day = noon.rawValue
            try OldDatabase.make(
                at: path, upTo: "v6_edits",
                rows: """
                    INSERT INTO conversation (key) VALUES ('telegram/42/1001'), ('discord/43/2002/7'), ('discord/43/2002');
                    INSERT INTO conversation (id) VALUES (5);
                    INSERT INTO session (conversationID, interfaceType, externalUserID, externalChatID, tokenLimit,
                        createdAt, lastActiveAt, activeMinute, expiresAfter)
                    VALUES (4294967296, 'telegram', '7', '1001', 4000, 1, 2, 0, 3600000),
                        (4294967297, 'discord', '', '2002', 4000, 1, 2, 0, 3600000),
                        (4294967298, 'discord', '', '2002', 4000, 1, 2, 0, 3600000),
                        (5, 'web', '', '', 4000, 1, 2, 0, 3600000);
                    INSERT INTO usage (sessionID, turnID, model, promptTokens, completionTokens, cachedTokens,
                        wasSuperseded, at, person)
                    VALUES (1, 1, 'a', 100, 5, 40, 0, \(day), NULL), (1, NULL, 'b', 10, 1, 0, 0, \(day), NULL),
                        (2, 2, 'a', 7, 0, 0, 0, \(day), '8'), (3, 3, 'a', 3, 0, 0, 0, \(day), '8'),
                        (2, NULL, 'a', 1, 0, 0, 0, \(day), NULL), (NULL, 4, 'a', 2, 0, 0, 0, \(day), NULL),
                        (1, 1, 'a', 1000, 0, 0, 0, \(day - 40 * 86_400_000), NULL);
                    """)
            let store = try SQLiteStore.open(path: path)
            let report = try await store.spending(limit: 9, at: noon)
            func lines(_ lines: [SpendingReport.Line]) -> [String] {
                lines.map { "\($0.name) \($0.spent.today.allTokens)" }
            }
            #expect(lines(report.people) == ["telegram:7 116", "discord:8 10"])
            #expect(lines(report.chats) == ["telegram/42/1001 116", "discord/43/2002 11"])
            #expect(lines(report.models) == ["a 118", "b 11"])
            #expect(report.all.today.allTokens == 129)
            #expect(report.all.today.tokens.cachedTokens == 40)
            // What the chat itself has cost is told as before.
            let shares = try await store.usage(of: SessionID(1), askedBy: nil, at: noon)
            #expect(shares.count == 3)
            try store.close()
        }
    }
}
