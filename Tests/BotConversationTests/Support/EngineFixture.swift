import BotConversation
import BotCore
import BotSessions
import BotTestSupport
import Logging

/// An engine with doubles around it.
struct EngineFixture: Sendable {
    let store: InMemoryStore
    let time: ManualTime
    let model: ScriptedModel
    let delivery = RecordingDelivery()
    let links: LinkMonitor
    let access: AccessControl
    let sessions: SessionManager
    let engine: ConversationEngine
    let budgets: BudgetKeeper?

    init(
        store: InMemoryStore = InMemoryStore(), time: ManualTime = ManualTime(), model: ScriptedModel = ScriptedModel(),
        models: (any ModelDirectory)? = nil, allow: [String] = ["*"], admins: [String] = [], block: [String] = [],
        attachments: [Platform: any AttachmentSource] = [:], budgets: BudgetSettings? = nil,
        cheaper: ScriptedModel? = nil,
        settings: ConversationSettings = ConversationSettings(version: "1.2")
    ) {
        var logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        logger.logLevel = .trace
        self.store = store
        self.time = time
        self.model = model
        links = LinkMonitor(time: time)
        access = AccessControl(
            store: store, lists: AccessLists(allow: allow, admins: admins, block: block), time: time, logger: logger)
        let keeper = budgets.map { [access] in
            BudgetKeeper(
                $0, store: store, meter: UniformTokenMeter(LetterCounter()), isExempt: { access.hasNoBudget($0) },
                time: time, logger: logger)
        }
        self.budgets = keeper
        func counted(_ model: ScriptedModel) -> any ModelProvider {
            keeper.map { BudgetedProvider(model, budgets: $0) } ?? model
        }
        sessions = SessionManager(
            store: store, meter: UniformTokenMeter(LetterCounter()), provider: counted(model),
            settings: SessionSettings(),
            time: time, logger: logger)
        engine = ConversationEngine(
            store: store, sessions: sessions, models: models ?? OneModel(counted(model)), delivery: delivery,
            attachments: attachments, links: links, access: access, budgets: keeper, cheaper: cheaper.map(counted),
            settings: settings, time: time, logger: logger)
    }

    /// Runs the engine while the body works with it.
    func run(_ body: @Sendable (EngineFixture) async throws -> Void) async throws {
        try await withThrowingTaskGroup { group in
            group.addTask { await engine.run() }
            try await engine.recover()
            try await body(self)
            group.cancelAll()
        }
    }

    func session(in chat: String) async throws -> Session? { try await store.session(of: .test(chat)) }

    /// The log of a chat, as `role: text`.
    func log(in chat: String) async throws -> [String] {
        guard let session = try await session(in: chat) else { return [] }
        return store.log(of: session.id).map { "\($0.role.rawValue): \($0.text)" }
    }
}

/// Counts four letters as a token.
struct LetterCounter: TokenCounter {
    let name = "letters"
    func count(_ text: String) -> Int { (text.count + 3) / 4 }
}

extension ConversationKey {
    static func test(_ chat: String, on platform: Platform = .telegram) -> ConversationKey {
        ConversationKey(platform: platform, account: "1", chat: chat)
    }
}

extension InboundEvent {
    /// An event of a chat; in private the person's id is the chat's, as on Telegram.
    static func test(
        _ body: Body, chat: String = "42", id: String, scope: ChatScope = .direct, isAddressed: Bool = true,
        speaker: Speaker? = nil, platform: Platform = .telegram
    ) -> InboundEvent {
        InboundEvent(
            externalID: id, conversation: .test(chat, on: platform), scope: scope, isAddressed: isAddressed,
            speaker: speaker ?? Speaker(id: scope.isShared ? "7" : chat, name: "Ada"),
            receivedAt: Timestamp(rawValue: 1_790_000_000_000), replyAddress: ReplyAddress(rawValue: "to \(chat)"),
            body: body)
    }

    static func message(
        _ text: String, quoted: Quote? = nil, chat: String = "42", id: String? = nil, scope: ChatScope = .direct,
        isAddressed: Bool = true, speaker: Speaker? = nil
    ) -> InboundEvent {
        .test(
            .message(InboundMessage(text: text, quoted: quoted)), chat: chat, id: id ?? "\(chat)-\(text)", scope: scope,
            isAddressed: isAddressed, speaker: speaker)
    }

    static func command(
        _ name: String, _ arguments: String = "", chat: String = "42", id: String? = nil, scope: ChatScope = .direct,
        speaker: Speaker? = nil, platform: Platform = .telegram
    ) -> InboundEvent {
        .test(
            .command(name: name, arguments: arguments), chat: chat, id: id ?? "\(chat)/\(name) \(arguments)",
            scope: scope, speaker: speaker, platform: platform)
    }
}
