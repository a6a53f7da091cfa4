package import BotCore
import Testing

/// Values for tests of stores, and the steps that most of them begin with.
package enum StoreSamples {
    package static let chat = ConversationKey(platform: .telegram, account: "42", chat: "1001")
    package static let otherChat = ConversationKey(platform: .discord, account: "43", chat: "2002", thread: "7")
    package static let start = Timestamp(rawValue: 1_790_000_000_000)

    /// A moment so many seconds after `start`.
    package static func at(_ seconds: Int) -> Timestamp { start + .seconds(seconds) }

    package static func event(
        _ externalID: String, in chat: ConversationKey = chat, text: String = "hello", at seconds: Int = 0,
        body: InboundEvent.Body? = nil
    ) -> InboundEvent {
        InboundEvent(
            externalID: externalID, conversation: chat, scope: .direct, isAddressed: true,
            speaker: Speaker(id: "7", name: "Ann"), receivedAt: at(seconds), replyAddress: address(of: chat),
            body: body ?? .message(InboundMessage(text: text)))
    }

    package static func address(of chat: ConversationKey) -> ReplyAddress {
        ReplyAddress(rawValue: "to:\(chat.chat)")
    }

    package static func session(
        _ conversation: SessionDraft.Conversation = .key(chat), interface: String = "telegram",
        expiresAfter: Duration = .seconds(3600)
    ) -> SessionDraft {
        SessionDraft(
            conversation: conversation, interfaceType: interface, externalUserID: "7", externalChatID: "1001",
            tokenLimit: 4000, expiresAfter: expiresAfter, state: ["language": .string("en")])
    }

    package static func message(
        _ text: String, role: Role = .user, tokens: Int = 3, externalID: String? = nil
    ) -> MessageDraft {
        MessageDraft(
            role: role, text: text, speaker: nil, tokens: tokens, tokenizer: "o200k_base", externalID: externalID,
            model: role == .assistant ? "test/model" : nil)
    }

    package static func draft(_ entries: [InboxEntry], text: String = "hello") -> TurnDraft {
        let chat = entries.first?.event.conversation ?? chat
        return TurnDraft(
            events: entries.map(\.id), session: session(.key(chat), interface: chat.platform.rawValue),
            work: .answer(message(text, externalID: entries.first?.event.externalID)), address: address(of: chat))
    }

    package static func result(
        _ text: String = "hi", chunks: [String]? = nil, ending: TurnEnding = .answered
    ) -> TurnResult {
        TurnResult(
            ending: ending, message: message(text, role: .assistant, tokens: 5),
            chunks: (chunks ?? [text]).map { RenderedChunk(text: $0, markup: "<b>\($0)</b>") },
            usage: TokenUsage(promptTokens: 100, completionTokens: 5), model: "test/model")
    }

    package static let stopped = RenderedChunk(text: "(stopped)")
    package static let apology = [RenderedChunk(text: "sorry")]

    /// Stores one event.
    package static func accept(_ event: InboundEvent, in store: any Store) async throws -> InboxEntry {
        try #require(try await store.accept([event], cursor: nil).first)
    }

    /// Begins a turn that must start.
    package static func begin(
        _ entries: [InboxEntry], in store: any Store, text: String = "hello", at seconds: Int = 1
    ) async throws -> Turn {
        let start = try await store.begin(draft(entries, text: text), attempts: 3, apology: apology, at: at(seconds))
        guard case .started(let turn) = start else {
            Issue.record("the turn did not start: \(start)")
            throw StoreError.failed("the turn did not start")
        }
        return turn
    }

    /// Stores an event and begins a turn with it.
    package static func begin(
        _ externalID: String, in store: any Store, chat: ConversationKey = chat, at seconds: Int = 1
    ) async throws -> Turn {
        try await begin([accept(event(externalID, in: chat), in: store)], in: store, at: seconds)
    }

    /// Has a whole turn, whose reply arrives.
    @discardableResult
    package static func turn(
        _ externalID: String, in store: any Store, chat: ConversationKey = chat, at seconds: Int = 1
    ) async throws -> Session {
        let turn = try await begin(externalID, in: store, chat: chat, at: seconds)
        let commit = try await store.commit(turn.id, result(), at: at(seconds))
        guard case .committed(let session, _, let rows) = commit else { throw StoreError.failed("superseded") }
        for row in rows { try await store.delivered(row.id, as: "sent-\(row.id)", at: at(seconds)) }
        return session
    }

    /// A reset that is asked for by an event, or over REST.
    package static func reset(
        _ event: InboxID? = nil, in store: any Store, chat: ConversationKey = chat, at seconds: Int = 10
    ) async throws -> ResetOutcome {
        try await store.reset(
            CommandRequest(conversation: .key(chat), event: event, at: at(seconds)), stopped: stopped
        ) { summary in [RenderedChunk(text: "cleared \(summary.clearedMessages), dropped \(summary.droppedEvents)")] }
    }

    /// Takes the last reset or exchange back, within a day, and says in the answer which it was.
    package static func undo(
        _ event: InboxID? = nil, in store: any Store, chat: ConversationKey = chat, at seconds: Int = 20
    ) async throws -> (undone: Undone, outcome: CommandOutcome) {
        let undone = Lock(Undone.nothing)
        let outcome = try await store.undo(
            CommandRequest(conversation: .key(chat), event: event, at: at(seconds)), within: .seconds(86_400)
        ) { what in
            undone.withLock { $0 = what }
            return [RenderedChunk(text: "\(what)")]
        }
        return (undone.withLock { $0 }, outcome)
    }

    /// The texts of the context, oldest first.
    package static func texts(of session: SessionID, in store: any Store) async throws -> [String] {
        try await store.newestMessages(of: session, limit: 1000).map(\.text)
    }
}
