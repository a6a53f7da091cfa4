import BotConversation
import BotCore
import BotTestSupport
import Logging
import Testing

/// What people see of budgets. A request of these tests has some 60 tokens, and each answer costs 15.
@Suite(.timeLimit(.minutes(5)))
struct BudgetTests {
    private static let settings = ConversationSettings(
        systemPrompt: "Help.", maxOutputTokens: 20, tools: false, version: "1.2")
    private let shared = ChatScope.shared(space: "telegram:chat:-1", title: "Crew")

    private func fixture(
        _ caps: [BudgetCap], prices: [String] = [], store: InMemoryStore = InMemoryStore(), allow: [String] = ["*"],
        cheaper: ScriptedModel? = nil
    ) -> EngineFixture {
        EngineFixture(
            store: store, allow: allow,
            budgets: BudgetSettings(caps: caps, prices: PriceTable(lines: prices)), cheaper: cheaper,
            settings: Self.settings)
    }

    /// Says something and returns the answer.
    @discardableResult
    private func say(
        _ f: EngineFixture, _ text: String, chat: String = "42", scope: ChatScope = .direct, by speaker: Speaker? = nil
    ) async throws -> String {
        let before = f.delivery.texts.count
        try await f.engine.accept(
            [.message(text, chat: chat, id: "m\(before)", scope: scope, speaker: speaker)], cursor: nil)
        await f.delivery.waitForTexts(before + 1)
        return f.delivery.texts[before]
    }

    /// Asks until something else than an answer comes, and returns that.
    private func exhaust(_ f: EngineFixture, _ ask: () async throws -> String) async throws -> String {
        for _ in 0..<200 {
            let answer = try await ask()
            if !answer.hasPrefix("re: ") { return answer }
        }
        return "never"
    }

    @Test func aPersonHearsWhichBudgetIsSpentAndWhenItBeginsAnew() async throws {
        try await fixture([BudgetCap(.person, .day, limit: 300)]).run { f in
            let refusal = try await exhaust(f) { try await say(f, "hi") }
            #expect(refusal.hasPrefix("I cannot answer: what is left of your budget for today ("))
            #expect(refusal.hasSuffix(" of 300 tokens) is not enough for this. It begins anew at midnight UTC."))
            let asked = f.model.requests.count
            #expect(asked > 3)
            #expect(try await say(f, "again") == refusal)
            // It holds in all chats.
            let elsewhere = try await exhaust(f) {
                try await say(f, "hi", chat: "-1", scope: shared, by: Speaker(id: "42", name: "Ada"))
            }
            #expect(elsewhere.contains("your budget for today"))
            // Others go on.
            #expect(try await say(f, "hi", chat: "43").hasPrefix("re: "))
            #expect(try await f.store.spent(by: "telegram:42", at: f.time.now).today.allTokens <= 300)
            f.time.advance(by: .seconds(86_400))
            #expect(try await say(f, "hello").hasPrefix("re: "))
        }
    }

    @Test func aMonthTellsItsDate() async throws {
        try await fixture([BudgetCap(.person, .month, limit: 150), BudgetCap(.person, .day, limit: 150)]).run { f in
            let refusal = try await exhaust(f) { try await say(f, "hi") }
            #expect(refusal.hasSuffix("It begins anew on \(f.time.now.startOfNextMonth.day), at midnight UTC."))
        }
    }

    @Test func aChatAndAllHaveBudgetsOfTheirOwn() async throws {
        let caps = [BudgetCap(.chat, .day, limit: 300), BudgetCap(.all, .day, limit: 600)]
        try await fixture(caps).run { f in
            let refusal = try await exhaust(f) { try await say(f, "hi", chat: "-1", scope: shared) }
            #expect(refusal.contains("what is left of this chat's budget for today"))
            #expect(try await say(f, "hi", chat: "-2", scope: shared).hasPrefix("re: "))
            let last = try await exhaust(f) { try await say(f, "hi", chat: "\(f.delivery.texts.count)") }
            #expect(last == "I cannot answer: my budget for today is spent. It begins anew at midnight UTC.")
        }
    }

    /// A line under one answer, and not under the next ones.
    @Test func aPersonIsWarnedOnceInAPeriod() async throws {
        try await fixture([BudgetCap(.person, .day, limit: 2000)]).run { f in
            var answers: [String] = []
            // In one chat after the other, so that no request grows.
            let ada = Speaker(id: "42", name: "Ada")
            for number in 1...125 { answers.append(try await say(f, "hi", chat: "-\(number)", scope: shared, by: ada)) }
            let warned = answers.filter { $0.contains("(You have used") }
            #expect(warned.count == 1)
            #expect(
                warned.first
                    == "re: Ada: hi\n\n(You have used 80 % of your budget for today: 1,605 tokens of 2,000 tokens.)")
        }
    }

    @Test func theOwnerIsToldOfTheBudgetOfAllOnceEach() async throws {
        let store = InMemoryStore()
        try await store.grant(
            AccessGrant(
                entry: "telegram:5", role: .owner, name: "Eve", grantedBy: "pairing",
                grantedAt: Timestamp(rawValue: 1)))
        let f = fixture([BudgetCap(.all, .day, limit: 1000)], store: store)
        let owners = OwnerMessenger(
            store: store, access: f.access, delivery: f.delivery, time: f.time,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        try await f.run { f in
            try await say(f, "I am here", chat: "5")
            try await withThrowingTaskGroup { group in
                group.addTask { await f.budgets?.run(owners: owners) }
                for number in 100..<180 {
                    try await f.engine.accept([.message("hi", chat: "\(number)")], cursor: nil)
                }
                await f.delivery.wait { calls in
                    calls.count { call in
                        if case .enqueued(let row) = call {
                            row.payload?.text.hasPrefix("A note for my owner") == true
                        } else {
                            false
                        }
                    } >= 2
                }
                group.cancelAll()
            }
            let notes = f.delivery.texts(in: "5").filter { $0.hasPrefix("A note for my owner") }
            #expect(notes.count == 2)
            #expect(notes.contains { $0.contains("% of the budget of all for today is used, ") })
            #expect(notes.contains { $0.contains("is spent, ") && $0.contains("budgets.dailyTokens") })
        }
    }

    @Test func anAnswerThatIsStoppedCostsWhatCame() async throws {
        try await fixture([BudgetCap(.person, .day, limit: 1000)]).run { f in
            f.model.script { _ in .hang(["12345678"]) }
            try await f.engine.accept([.message("hi")], cursor: nil)
            await f.model.waitForRequests(1)
            try await f.engine.accept([.command("stop")], cursor: nil)
            await f.delivery.waitForTexts(1)
            let report = try await f.store.spending(limit: 9, at: f.time.now)
            #expect(report.reservedCalls == 0)
            #expect(report.all.today.tokens.completionTokens == 2)
            #expect(report.all.today.tokens.promptTokens > 5)
        }
    }

    @Test func theCheaperModelAnswersUpToAsMuchAgain() async throws {
        let cheaper = ScriptedModel(name: "cheap")
        try await fixture([BudgetCap(.person, .day, limit: 300)], cheaper: cheaper).run { f in
            let note = "(scripted is beyond what may be spent, so cheap/test has answered.)"
            var answers: [String] = []
            repeat { answers.append(try await say(f, "hi")) } while answers.last?.hasPrefix("re: ") == true
            let noted = answers.filter { $0.hasSuffix(note) }
            #expect(noted.count > 10)
            #expect(noted.count == cheaper.requests.count)
            #expect(answers.last?.contains("of 600 tokens) is not enough for this") == true)
            #expect(try await f.store.spent(by: "telegram:42", at: f.time.now).today.allTokens <= 600)
        }
    }

    @Test func aTurnThatUsesToolsStopsWhereItsBudgetEnds() async throws {
        let settings = ConversationSettings(systemPrompt: "Help.", maxOutputTokens: 20, version: "1.2")
        let caps = [BudgetCap(.person, .day, limit: 1000)]
        let f = EngineFixture(budgets: BudgetSettings(caps: caps), settings: settings)
        f.model.know(ModelTraits(callsTools: true))
        try await f.run { f in
            f.model.script { request in
                .call(
                    [
                        ToolCall(
                            id: "a", name: "calculate", arguments: "{\"expression\":\"1+\(request.messages.count)\"}")
                    ], saying: "One moment.")
            }
            var answer = ""
            for _ in 0..<20 where !answer.contains("I cannot answer") { answer = try await say(f, "hi") }
            #expect(answer.contains("I cannot answer: what is left of your budget for today"))
            #expect(try await f.store.spending(limit: 1, at: f.time.now).reservedCalls == 0)
        }
    }

    // MARK: - /usage

    private func usage(_ f: EngineFixture, chat: String, scope: ChatScope = .direct, by speaker: Speaker? = nil)
        async throws -> String
    {
        let before = f.delivery.texts.count
        try await f.engine.accept(
            [.command("usage", chat: chat, id: "u\(before)", scope: scope, speaker: speaker)], cursor: nil)
        await f.delivery.waitForTexts(before + 1)
        return f.delivery.texts[before]
    }

    @Test func usageTellsAPersonWhatIsLeft() async throws {
        let caps = [BudgetCap(.person, .day, limit: 1000), BudgetCap(.person, .month, .money, limit: 2_000_000)]
        try await fixture(caps, prices: ["scripted/test=2/10", "scripted=2/10"]).run { f in
            try await say(f, "one")
            try await say(f, "two", chat: "-1", scope: shared, by: Speaker(id: "42", name: "Ada"))
            let text = try await usage(f, chat: "42")
            #expect(
                text.hasSuffix(
                    """
                    What you have asked in all chats:
                    Today: 30 tokens in 2 requests, $0.0002
                    This month: 30 tokens in 2 requests, $0.0002
                    Your budget:
                    This month: $0.0002 of $2.00, $2.00 left
                    Today: 30 tokens of 1,000 tokens, 970 tokens left
                    """))
            #expect(text.contains("In all: 10 + 5 in 1 request"))
            #expect(!text.contains("Over all people"))
        }
    }

    @Test func usageTellsTheOwnerInPrivateWhoHasSpentWhat() async throws {
        let store = InMemoryStore()
        for (entry, name) in [("telegram:5", "Eve"), ("telegram:chat:-1", "The <crew>\n")] {
            try await store.grant(
                AccessGrant(
                    entry: entry, role: entry == "telegram:5" ? .owner : .member, name: name, grantedBy: "pairing",
                    grantedAt: Timestamp(rawValue: 1)))
        }
        try await fixture([BudgetCap(.all, .day, limit: 5000)], store: store).run { f in
            for person in 0..<12 {
                for _ in 0...person {
                    try await say(f, "hi", chat: "-1", scope: shared, by: Speaker(id: "\(100 + person)", name: "P"))
                }
            }
            try await say(f, "hi", chat: "5")
            let text = try await usage(f, chat: "5")
            #expect(
                text.contains(
                    """
                    Over all people and chats:
                    Today: 1,185 tokens in 79 requests
                    This month: 1,185 tokens in 79 requests
                    The budget of all:
                    Today: 1,185 tokens of 5,000 tokens, 3,815 tokens left

                    By person, this month:
                    - telegram:111: 180 tokens in 12 requests
                    """))
            #expect(
                text.contains(
                    "\n- The crew (telegram/1/-1): 1,170 tokens in 78 requests\n- Eve (telegram/1/5): 15 tokens"))
            #expect(text.contains("By model, this month:\n- scripted/test: 1,185 tokens"))
            // The ten who have spent most.
            #expect(text.contains("- telegram:102: ") && !text.contains("- telegram:101: "))
            let inGroup = try await usage(f, chat: "-1", scope: shared, by: Speaker(id: "5", name: "Eve"))
            #expect(!inGroup.contains("Over all people"))
        }
    }
}
