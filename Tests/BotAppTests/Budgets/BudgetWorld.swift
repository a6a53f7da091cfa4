import BotConversation
import BotCore
import BotModels
import BotSessions
import BotStore
import BotTestSupport
import Logging

/// One life of the program's rooms over a database file, with models that fail. It ends in order, or dies in the middle of everything.
final class BudgetWorld: Sendable {
    static let caps = [
        BudgetCap(.person, .day, limit: 900), BudgetCap(.chat, .day, limit: 5_000),
        BudgetCap(.all, .month, limit: 30_000),
    ]

    let time: ManualTime
    let base: SQLiteStore
    private let store: UnsteadyStore
    private let sessions: SessionManager
    private let engine: ConversationEngine

    init(path: String, seed: UInt64, truth: Lock<FickleModel.Truth>, time: ManualTime) throws {
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        self.time = time
        base = try SQLiteStore.open(path: path, time: time)
        store = UnsteadyStore(base, journal: Journal())
        let access = AccessControl(store: store, lists: AccessLists(allow: ["*"]), time: time, logger: logger)
        let meter = UniformTokenMeter(WordCounter())
        let budgets = BudgetKeeper(
            BudgetSettings(caps: Self.caps), store: store, meter: meter, isExempt: { access.hasNoBudget($0) },
            time: time, logger: logger)
        func server(_ name: String, _ seed: UInt64) -> any ModelProvider {
            let model = FickleModel(name, seed: seed, truth: truth, time: time)
            return RetryingProvider(
                BudgetedProvider(model, budgets: budgets), policy: RetryingProvider.Policy(attempts: 3), time: time,
                logger: logger, random: { 0.5 })
        }
        let models = FallbackProvider(server("first", seed), then: [server("second", seed &+ 1)], logger: logger)
        sessions = SessionManager(
            store: store, meter: meter, provider: models,
            settings: SessionSettings(
                tokenLimit: 200, summarizeThreshold: 0.2, summaryMaxTokens: 30, minMessagesToSummarize: 2),
            time: time, logger: logger)
        engine = ConversationEngine(
            store: store, sessions: sessions, models: OneModel(models), delivery: SilentDelivery(),
            links: LinkMonitor(time: time), access: access, budgets: budgets,
            settings: ConversationSettings(
                systemPrompt: "Help.", maxOutputTokens: 20, tools: false, parallelTurns: 500,
                turnDeadline: .seconds(60), attempts: 1000, version: "1"),
            time: time, logger: logger)
    }

    /// Takes the events and lives until nothing is left to do, or for so many rounds of what is ready.
    ///
    /// - Returns: whether nothing is left to do.
    func live(_ events: [InboundEvent], rounds: Int?) async throws -> Bool {
        try await withThrowingTaskGroup { group in
            group.addTask { [engine] in await engine.run() }
            group.addTask { [sessions] in await sessions.run() }
            try await engine.recover()
            try await engine.accept(events, cursor: nil)
            defer {
                store.cut()
                group.cancelAll()
            }
            var round = 0
            while round < rounds ?? .max {
                await rest(for: rounds == nil ? 4 : 1)
                if try await isDone() { return true }
                time.advance(by: .seconds(rounds == nil ? 10 : 1))
                round += 1
            }
            return false
        }
    }

    /// Lets what is ready go on until the store has nothing to do, or in a life that dies only for a moment.
    private func rest(for times: Int) async {
        var resting = 0
        while resting < times {
            for _ in 0..<20 { await Task.yield() }
            resting = store.isResting ? resting + 1 : 0
        }
    }

    private func isDone() async throws -> Bool {
        let compaction = sessions.compaction
        guard compaction.waiting == 0, compaction.running == 0 else { return false }
        return try await base.unfinished(after: nil, limit: 1).isEmpty
    }
}

/// A platform that shows nothing.
private struct SilentDelivery: ReplyDelivery {
    func enqueue(_ rows: [OutboxRow]) {}
    func replyBegins(_ row: OutboxRow) {}
    func preview(_ text: String, of turn: TurnID) {}
    func replyEnds(_ turn: TurnID) {}
    func chatMoved(_ move: ChatMove) {}
    func answerPress(_ press: ButtonPress, of event: InboundEvent, notice: String?) async {}
    func removeButtons(under press: ButtonPress, of event: InboundEvent) async {}
    func showWaiting(_ isWaiting: Bool, on event: InboundEvent, message: String) async -> Bool { false }
    func address(of conversation: ConversationKey) -> ReplyAddress? { nil }
    func administers(_ person: Speaker, _ scope: ChatScope, on platform: Platform) async -> Bool? { false }

    func render(_ text: String, for platform: Platform) -> [RenderedChunk] {
        text.allSatisfy(\.isWhitespace) ? [] : [RenderedChunk(text: text)]
    }
}
