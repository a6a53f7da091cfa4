import BotConversation
import BotCore
import BotSessions
import BotStore
import BotTestSupport
import Logging
import Testing

/// The rooms between the platforms' events and the platforms' messages, put together as the program does, over a database
/// file that outlives them: a world has one life after another.
final class PipelineWorld: Sendable {
    let path: String
    let time = ManualTime()
    let transport: RecordingTransport
    let model = ScriptedModel()
    let journal = Journal()
    private let feed = Lock<[InboundEvent]>([])
    private let sent = Lock<[InboundEvent]>([])

    init(path: String) {
        self.path = path
        transport = RecordingTransport(time: time)
        model.script { .say(["answer ", Self.token(of: $0), " end"]) }
    }

    /// The newest question of a request: each test message is one word of its own.
    static func token(of request: CompletionRequest) -> String {
        request.words.split(whereSeparator: \.isWhitespace).last.map(String.init) ?? ""
    }

    // MARK: - The platform

    /// What people have done, in order.
    var events: [InboundEvent] { sent.withLock { $0 } }

    func say(_ text: String, in chat: String = "1") { push(.message(InboundMessage(text: text)), in: chat) }

    func command(_ name: String, _ arguments: String = "", in chat: String = "1") {
        push(.command(name: name, arguments: arguments), in: chat)
    }

    static func key(_ chat: String) -> ConversationKey {
        ConversationKey(platform: .telegram, account: "9", chat: chat)
    }

    private func push(_ body: InboundEvent.Body, in chat: String) {
        let number = sent.withLock { $0.count }
        let event = InboundEvent(
            externalID: "e\(number)", conversation: Self.key(chat), scope: .direct, isAddressed: true,
            speaker: Speaker(id: chat, name: "Ann"), receivedAt: time.now, replyAddress: ReplyAddress(rawValue: chat),
            body: body)
        sent.withLock { $0.append(event) }
        feed.withLock { $0.append(event) }
    }

    /// Hands over events one by one, each until it was taken: what was not taken comes again in the next life.
    private func runFeed(_ intake: any EventIntake) async {
        while !Task.isCancelled {
            guard let next = feed.withLock({ $0.first }) else {
                await Task.yield()
                continue
            }
            do { try await intake.accept([next], cursor: Cursor(name: "feed", value: next.externalID)) } catch {
                return
            }
            _ = feed.withLock { $0.removeFirst() }
        }
    }

    // MARK: - Lives

    struct Life: Sendable {
        let store: UnsteadyStore
        let sessions: SessionManager
        let access: AccessControl
        let engine: ConversationEngine
        let delivery: DeliveryEngine
        let world: PipelineWorld

        /// Lets the world go on for a while.
        func pass(_ steps: Int) async { for _ in 0..<steps { await Task.yield() } }

        /// Lets the world go on until the condition holds; false when it does not within a minute of real time, which is
        /// far more than the disk needs.
        func waits(until condition: () async throws -> Bool) async rethrows -> Bool {
            let deadline = SystemTime().uptime + .seconds(60)
            while SystemTime().uptime < deadline {
                if try await condition() { return true }
                await pass(25)
            }
            return false
        }
    }

    enum End { case kill, shutdown }

    /// Runs the rooms while the body works with them, then ends them.
    ///
    /// - Parameter summarizer: writes the summaries; without it there are none.
    func live(
        allow: [String] = ["*"], settings: ConversationSettings? = nil, counter: any TokenCounter = WordCounter(),
        summarizer: (any ModelProvider)? = nil, end: End = .kill,
        _ body: (Life) async throws -> Void
    ) async throws {
        let base = try SQLiteStore.open(path: path, time: time)
        let store = UnsteadyStore(base, journal: journal)
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let access = AccessControl(store: store, lists: AccessLists(allow: allow), time: time, logger: logger)
        let sessions = SessionManager(
            store: store, meter: UniformTokenMeter(counter), provider: model, summarizer: summarizer,
            settings: SessionSettings(), time: time, logger: logger)
        let delivery = DeliveryEngine(store: store, transports: [transport], time: time, logger: logger)
        let engine = ConversationEngine(
            store: store, sessions: sessions, models: OneModel(model), delivery: delivery,
            links: LinkMonitor(time: time),
            access: access,
            // The clock of a test runs fast, and a life may see many kills.
            settings: settings
                ?? ConversationSettings(turnDeadline: .seconds(10_000_000), attempts: 1000, version: "1"),
            time: time, logger: logger)
        let life = Life(
            store: store, sessions: sessions, access: access, engine: engine, delivery: delivery, world: self)
        try await withThrowingTaskGroup { group in
            group.addTask { await delivery.run() }
            group.addTask { await engine.run() }
            if summarizer != nil { group.addTask { await sessions.run() } }
            group.addTask { [self] in
                do { try await engine.recover() } catch { return }
                await runFeed(engine)
            }
            group.addTask { [self] in await tick(store) }
            try await body(life)
            if end == .shutdown {
                await engine.drain(grace: .seconds(5))
                await delivery.drain(grace: .seconds(2))
            }
            store.cut()
            group.cancelAll()
            try await group.waitForAll()
        }
        journal.ended(doubtful: store.doubtful)
        try base.close()
    }

    /// Moves the clock whenever nothing seems to happen any more.
    private func tick(_ store: UnsteadyStore) async {
        var rest = 0
        while !Task.isCancelled {
            await Task.yield()
            rest = store.isResting ? rest + 1 : 0
            guard rest >= 12 else { continue }
            rest = 0
            time.advance(by: .milliseconds(100))
        }
    }

    /// Waits until everything that was sent has been handled and delivered.
    func settle(_ life: Life) async throws {
        let isSettled = try await life.waits {
            guard feed.withLock({ $0.isEmpty }) else { return false }
            return try await life.store.isDone()
        }
        #expect(isSettled, "everything is handled and delivered in the end")
    }
}

/// Counts each word as a token.
struct WordCounter: TokenCounter {
    let name = "words"
    func count(_ text: String) -> Int { text.split(whereSeparator: \.isWhitespace).count }
}
