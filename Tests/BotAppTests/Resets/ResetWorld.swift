import BotConversation
import BotCore
import BotSessions
import BotStore
import BotTestSupport
import Logging

/// The rooms of the program over a database file, with a turnstile in every call of the store, the models and the platform: whoever
/// holds the turnstile decides what happens next. Time passes only when nothing else can.
final class ResetWorld: Sendable {
    let time = ManualTime()
    let turnstile: Turnstile
    let model: HeldModel
    let transport: HeldTransport
    let journal = Journal()
    let base: SQLiteStore
    let store: UnsteadyStore
    let sessions: SessionManager
    let engine: ConversationEngine
    let delivery: DeliveryEngine
    private let access: AccessControl
    private let pushed = Lock(0)
    /// Deeds that are under way, and the events that are not yet taken.
    private let open = Lock(0)
    private let feed: AsyncStream<InboundEvent>
    private let feeding: AsyncStream<InboundEvent>.Continuation

    init(path: String, seed: UInt64) throws {
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        (feed, feeding) = AsyncStream.makeStream()
        let turnstile = Turnstile(seed: seed)
        self.turnstile = turnstile
        model = HeldModel("model", turnstile) { ["about \(Self.token(of: $0))", " it is said", " end"] }
        let recorder = RecordingTransport(time: time)
        recorder.watch.change { $0.style = .edit(interval: .seconds(1)) }
        transport = HeldTransport(recorder, turnstile)
        base = try SQLiteStore.open(path: path, time: time)
        store = UnsteadyStore(base, journal: journal) { await turnstile.pass(20) }
        sessions = SessionManager(
            store: store, meter: UniformTokenMeter(WordCounter()), provider: model,
            summarizer: HeldModel("notes", turnstile) { Self.notes(on: $0) },
            settings: SessionSettings(
                tokenLimit: 120, contextMaxMessages: 12, summarizeThreshold: 0.3, summaryMaxTokens: 30,
                minMessagesToSummarize: 4, recallTokens: 40),
            time: time, logger: logger)
        delivery = DeliveryEngine(store: store, transports: [transport], time: time, logger: logger)
        access = AccessControl(store: store, lists: AccessLists(allow: ["*"]), time: time, logger: logger)
        engine = ConversationEngine(
            store: store, sessions: sessions, models: OneModel(model), delivery: delivery,
            links: LinkMonitor(time: time),
            access: access, settings: ConversationSettings(turnDeadline: .seconds(10_000_000), version: "1"),
            time: time, logger: logger)
    }

    /// The last word of a question: each message has one of its own there, which its answer repeats.
    private static func token(of request: CompletionRequest) -> String {
        request.words.split(whereSeparator: \.isWhitespace).last.map(String.init) ?? ""
    }

    /// Notes on the newest lines of what is to be summarised, each with its own word.
    private static func notes(on request: CompletionRequest) -> [String] {
        let material = request.messages.last?.content ?? ""
        let lines = material.split(separator: "\n").compactMap { line -> String? in
            guard line.hasPrefix("[#"), let number = line.dropFirst(2).split(separator: " ").first,
                let word = line.split(whereSeparator: \.isWhitespace).first(where: { $0.hasPrefix("k") })
            else { return nil }
            return "- Word: \(word) [#\(number)]\n"
        }
        return ["PEOPLE & FACTS\n"] + lines.suffix(3)
    }

    /// Runs the rooms while the body works with them. All that was under way is cut off in the end.
    func run(_ body: @Sendable (ResetWorld) async throws -> Void) async throws {
        try await withThrowingTaskGroup { group in
            group.addTask { [delivery] in await delivery.run() }
            group.addTask { [engine] in await engine.run() }
            group.addTask { [sessions] in await sessions.run() }
            group.addTask { [self] in
                do { try await engine.recover() } catch { return }
                for await event in feed {
                    do { try await engine.accept([event], cursor: nil) } catch { return }
                    open.withLock { $0 -= 1 }
                }
            }
            defer {
                store.cut()
                turnstile.set(open: true)
                group.cancelAll()
            }
            try await body(self)
        }
    }

    // MARK: - Deeds

    static func key(_ chat: String) -> ConversationKey {
        ConversationKey(platform: .telegram, account: "9", chat: chat)
    }

    func push(_ body: InboundEvent.Body, in chat: String) {
        let number = pushed.withLock { number in
            number += 1
            return number
        }
        open.withLock { $0 += 1 }
        feeding.yield(
            InboundEvent(
                externalID: "e\(number)", conversation: Self.key(chat), scope: .direct, isAddressed: true,
                speaker: Speaker(id: chat, name: "Ann"), receivedAt: time.now,
                replyAddress: ReplyAddress(rawValue: chat), body: body))
    }

    /// Adds a message as a caller of the REST API does.
    func append(_ text: String, role: Role, in chat: String) async throws {
        open.withLock { $0 += 1 }
        defer { open.withLock { $0 -= 1 } }
        let session = try await sessions.getOrCreateSession(
            SessionDraft(
                conversation: .key(Self.key(chat)), interfaceType: "telegram", externalUserID: chat,
                externalChatID: chat, tokenLimit: 120, expiresAfter: .seconds(86_400)))
        _ = try await sessions.addMessage(to: session.id, role: role, content: text)
    }

    /// Clears a chat as a caller of the REST API does.
    func clear(_ chat: String) async throws {
        open.withLock { $0 += 1 }
        defer { open.withLock { $0 -= 1 } }
        guard let session = try await sessions.session(of: Self.key(chat)),
            let outcome = try await sessions.clearMessages(session.id)
        else { return }
        engine.carryOut(outcome)
    }

    // MARK: - Letting go

    /// Lets the rooms go on for a while.
    func pass(_ steps: Int) async { for _ in 0..<steps { await Task.yield() } }

    /// Lets go one after the other until nothing is left to do; false when that never comes.
    func settle(_ random: inout SeededRandom) async throws -> Bool {
        let deadline = SystemTime().uptime + .seconds(60)
        var rest = 0
        while SystemTime().uptime < deadline {
            if turnstile.letOneGo() {
                rest = 0
                await pass(Int.random(in: 0..<12, using: &random))
                continue
            }
            await pass(3)
            rest = store.isResting ? rest + 1 : 0
            guard rest >= 5 else { continue }
            rest = 0
            if try await isDone() { return true }
            time.advance(by: .seconds(1))
        }
        return false
    }

    private func isDone() async throws -> Bool {
        let compaction = sessions.compaction
        guard open.withLock({ $0 == 0 }), compaction.waiting == 0, compaction.running == 0 else { return false }
        return try await store.isDone()
    }
}
