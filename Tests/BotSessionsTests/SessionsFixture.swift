import BotCore
import BotSessions
import BotTestSupport
import Logging

/// Counts characters, so that a test can do its sums by hand. Joining texts never makes more of them.
struct CharacterCounter: TokenCounter {
    var name: String { "characters" }
    func count(_ text: String) -> Int { text.count }
}

/// Counts as tokenizers do in the worst case: each byte is one, and a text of several lines costs more than its lines.
struct AwkwardCounter: TokenCounter {
    var name: String { "awkward" }
    func count(_ text: String) -> Int {
        let joins = text.utf8.reduce(0) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 }
        return text.utf8.count + 5 * joins
    }
}

/// A fixed sequence of random numbers (SplitMix64), so that a failure can be repeated.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// A session manager over a store in memory.
struct SessionsFixture {
    let store: InMemoryStore
    let time: ManualTime
    let manager: SessionManager
    let logger: Logger

    init(
        store: InMemoryStore = InMemoryStore(), time: ManualTime = ManualTime(),
        counter: any TokenCounter = CharacterCounter(), meter: (any TokenMeter)? = nil,
        settings: SessionSettings = SessionSettings(),
        provider: any ModelProvider = ScriptedModel(), summarizer: (any ModelProvider)? = nil,
        logger: Logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
    ) {
        self.store = store
        self.time = time
        self.logger = logger
        manager = SessionManager(
            store: store, meter: meter ?? UniformTokenMeter(counter), provider: provider, summarizer: summarizer,
            settings: settings, time: time, logger: logger)
    }

    static let key = ConversationKey(platform: .telegram, account: "1", chat: "2")

    static func draft(
        _ conversation: SessionDraft.Conversation = .key(key), tokenLimit: Int = 4000
    ) -> SessionDraft {
        SessionDraft(
            conversation: conversation, interfaceType: "telegram", externalUserID: "7", externalChatID: "2",
            tokenLimit: tokenLimit, expiresAfter: .seconds(86_400))
    }

    /// A session with these messages: user, assistant, user, ... in turn.
    func session(_ texts: [String] = [], tokenLimit: Int = 4000, number: Int64 = 1) async throws -> SessionID {
        let draft = Self.draft(.number(ConversationID(number)), tokenLimit: tokenLimit)
        let session = try await manager.getOrCreateSession(draft)
        for (index, text) in texts.enumerated() {
            _ = try await manager.addMessage(
                to: session.id, role: index.isMultiple(of: 2) ? .user : .assistant, content: text)
        }
        return session.id
    }

    /// An event as a platform would store it, and a turn begun with it.
    func beginTurn(
        _ text: String, number: Int, speaker: String? = nil, attempts: Int = 3
    ) async throws -> (event: InboxID, start: TurnStart) {
        let event = InboundEvent(
            externalID: "e\(number)", conversation: Self.key, scope: .direct, isAddressed: true,
            speaker: Speaker(id: "7", name: "Ann"), receivedAt: time.now, replyAddress: ReplyAddress(rawValue: "2"),
            body: .message(InboundMessage(text: text)))
        let accepted = try await store.accept([event], cursor: nil)
        let known = try await store.unfinished(after: nil, limit: 1000).last { $0.event.externalID == "e\(number)" }
        let id = accepted.first?.id ?? known?.id ?? InboxID(0)
        let start = try await manager.beginTurn(
            events: [id], in: Self.draft(), text: text, speaker: speaker, externalID: "e\(number)",
            replyTo: event.replyAddress, attempts: attempts, apology: [RenderedChunk(text: "sorry")])
        return (id, start)
    }
}
