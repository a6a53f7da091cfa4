import BotCore
import BotTestSupport
import Logging
import Testing

@testable import BotConversation

/// What a call costs, however it ends: by what is reported, or else by our own counts.
struct BudgetedProviderTests {
    private let store = InMemoryStore()
    private let time = ManualTime()
    private let model = ScriptedModel()
    private let billing = Billing(person: "telegram:7", chat: .test("42"), promptTokens: 100, turn: TurnID(1))

    private func provider(
        _ caps: [BudgetCap] = [], prices: PriceTable = PriceTable(), isExempt: Bool = false
    ) -> BudgetedProvider {
        BudgetedProvider(
            model,
            budgets: BudgetKeeper(
                BudgetSettings(caps: caps, prices: prices), store: store, meter: UniformTokenMeter(LetterCounter()),
                isExempt: { _ in isExempt }, time: time,
                logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })))
    }

    private func ask(_ provider: BudgetedProvider, _ billing: Billing? = nil) async throws(ModelError) {
        let request = CompletionRequest(
            system: "", messages: [PromptMessage(role: .user, content: "x")], maxOutputTokens: 50,
            billing: billing ?? self.billing)
        _ = try await provider.complete(request) { _ in }
    }

    private var spent: Int {
        get async throws {
            let report = try await store.spending(limit: 9, at: time.now)
            #expect(report.reservedCalls == 0, "no reservation is left")
            #expect(
                report.people.map(\.spent.today.allTokens)
                    == (report.all.today.requests == 0 ? [] : [report.all.today.allTokens]))
            return report.all.today.allTokens
        }
    }

    @Test func anAnswerCostsWhatIsReported() async throws {
        try await ask(provider())
        #expect(try await spent == 15)
    }

    @Test(arguments: [
        (ModelError.network("refused", wasSent: false), 0), (.unauthorized(""), 0), (.quotaExceeded(""), 0),
        (.rateLimited(retryAfter: nil, ""), 0), (.unavailable(retryAfter: nil, ""), 0), (.contextTooLong(""), 0),
        (.unknownModel(""), 0), (.badRequest(""), 0),
        (.network("broken"), 100), (.timedOut(""), 100), (.cancelled, 100), (.emptyAnswer(""), 100),
        (.onlyReasoning(""), 150),
    ])
    func aFailureCostsWhatMayHaveBeenSpent(error: ModelError, tokens: Int) async throws {
        model.script { _ in .fail(error) }
        await #expect(throws: error) { try await ask(provider()) }
        #expect(try await spent == tokens)
    }

    @Test func whatIsCutOffCostsItsPromptAndWhatCame() async throws {
        model.script { _ in .hang(["12345678", "12345678"]) }
        let provider = provider()
        let outcome = await withTaskGroup(of: ModelError?.self) { group in
            group.addTask {
                do throws(ModelError) {
                    try await ask(provider)
                    return nil
                } catch { return error }
            }
            await model.waitForRequests(1)
            group.cancelAll()
            return await group.next() ?? nil
        }
        #expect(outcome == .cancelled)
        #expect(try await spent == 100 + 4)
    }

    @Test func eachCallThatLeavesIsCounted() async throws {
        // As a retry, and then another model in its place.
        let provider = provider()
        model.script { _ in .fail(.timedOut("")) }
        for _ in 0..<2 { await #expect(throws: ModelError.timedOut("")) { try await ask(provider) } }
        model.script { _ in .say(["fine"]) }
        try await ask(provider)
        #expect(try await spent == 215)
        #expect(try await store.spending(limit: 9, at: time.now).models.map(\.name) == ["scripted", "scripted/test"])
    }

    @Test(arguments: [
        BudgetCap(.person, .day, limit: 164), BudgetCap(.person, .month, limit: 164),
        BudgetCap(.chat, .day, limit: 164), BudgetCap(.chat, .month, limit: 164), BudgetCap(.all, .day, limit: 164),
        BudgetCap(.all, .month, limit: 164),
    ])
    func aCallThatMayPassACapIsNotMade(cap: BudgetCap) async throws {
        let provider = provider([cap])
        try await ask(provider)
        let refused = ModelError.overBudget(BudgetUse(cap: cap, used: 15), at: time.now)
        await #expect(throws: refused) { try await ask(provider) }
        #expect(model.requests.count == 1)
        // The next day or month begins anew.
        let end = cap.period == .day ? time.now.startOfNextDay : time.now.startOfNextMonth
        time.advance(by: end.since(time.now) - .seconds(1))
        await #expect(throws: ModelError.self) { try await ask(provider) }
        time.advance(by: .seconds(1))
        try await ask(provider)
    }

    @Test func moneyIsBoundedByPrices() async throws {
        let cap = BudgetCap(.all, .day, .money, limit: 1000)
        let provider = provider([cap], prices: PriceTable(lines: ["scripted=2/10", "test=2/10"]))
        // 100 and 50 tokens may cost 700 millionths, and 10 and 5 cost 70.
        for _ in 0..<5 { try await ask(provider) }
        await #expect(throws: ModelError.overBudget(BudgetUse(cap: cap, used: 350), at: time.now)) {
            try await ask(provider)
        }
    }

    @Test func ownersHaveNoBudgetOfTheirOwnButShareThatOfAll() async throws {
        let caps = [BudgetCap(.person, .day, limit: 1), BudgetCap(.all, .day, limit: 164)]
        let provider = provider(caps, isExempt: true)
        try await ask(provider)
        await #expect(throws: ModelError.overBudget(BudgetUse(cap: caps[1], used: 15), at: time.now)) {
            try await ask(provider)
        }
    }

    @Test func theSecondAllowanceIsAsLargeAsTheFirst() async throws {
        let provider = provider([BudgetCap(.person, .day, limit: 160)])
        try await ask(provider)
        await #expect(throws: ModelError.self) { try await ask(provider) }
        var second = billing
        second.isSecondAllowance = true
        // 160 tokens more, of which each call takes 15, and the last one may take 150.
        for _ in 0..<11 { try await ask(provider, second) }
        await #expect(
            throws: ModelError.overBudget(
                BudgetUse(cap: BudgetCap(.person, .day, limit: 320), used: 180), at: time.now)
        ) { try await ask(provider, second) }
    }

    @Test func whileNothingCanBeReservedNothingIsAsked() async throws {
        store.fail(with: .full)
        try await withThrowingTaskGroup { group in
            let provider = provider()
            group.addTask { try await ask(provider) }
            await time.waitForSleepers(1)
            #expect(model.requests.isEmpty)
            store.fail(with: nil)
            time.advance(by: .seconds(1))
            try await group.waitForAll()
        }
        #expect(try await spent == 15)
    }

    @Test func whatTheStoreCouldNotTakeIsSettledBeforeTheNextCall() async throws {
        let provider = provider()
        model.script { [store] _ in
            store.fail(with: .full)
            return .say(["fine"])
        }
        try await ask(provider)
        store.fail(with: nil)
        #expect(try await store.spending(limit: 9, at: time.now).reservedTokens == 150)
        model.script { _ in .say(["fine"]) }
        try await ask(provider)
        #expect(try await spent == 30)
    }
}
