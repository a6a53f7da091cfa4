import BotCore
import Testing

extension StoreContract {
    /// Behaviours of `ChatStore`.
    package static let chats: [Behaviour] = [
        Behaviour("moves a session with its memory to the chat's new name", movesSession),
        Behaviour("moves the topics of a chat, and no other chat", movesTopics),
        Behaviour("moves events that wait and replies that have not arrived", movesWaiting),
        Behaviour("moves a permission, or makes one where the configuration had it", movesGrants),
        Behaviour("lets a turn go on that runs while its chat moves", movesUnderATurn),
        Behaviour("begins a turn where its chat is now", beginsWhereTheChatIs),
        Behaviour("adds what was said under the new name to what was said before", joinsSessions),
        Behaviour("clears what was said before when the chat was reset under its new name", joinsAfterAReset),
        Behaviour("lets a turn go on whose session is added to an older one", joinsUnderATurn),
        Behaviour("ends the work of a conversation that cannot be reached", endsWork),
        Behaviour("ends the work of a whole chat, up to an event", endsWorkOfAChat),
        Behaviour("leaves a turn that has taken in something later, and what is ready since", leavesWhatCameLater),
    ]

    private static let move = ChatMove("1001", to: "-1002", platform: .telegram, account: "42")
    private static var there: ConversationKey { move.to }

    private static func topic(_ thread: String, of chat: ConversationKey = move.from) -> ConversationKey {
        ConversationKey(platform: chat.platform, account: chat.account, chat: chat.chat, thread: thread)
    }

    private static func order(grant: AccessGrant? = nil) -> ChatMoveOrder {
        ChatMoveOrder(
            move, oldSpace: "telegram:chat:1001", newSpace: "telegram:chat:-1002", grant: grant,
            at: StoreSamples.at(50)
        ) { ReplyAddress(rawValue: $0.rawValue.replacing("1001", with: "-1002")) }
    }

    @Sendable private static func movesSession(_ store: any Store) async throws {
        let before = try await StoreSamples.turn("1", in: store)
        let moved = try await store.move(order())
        #expect(moved.sessions == 1 && moved.joined == 0)
        let after = try #require(try await store.session(of: there))
        #expect(after.id == before.id)
        #expect(after.conversation == before.conversation)
        #expect(after.externalChatID == "-1002")
        #expect(try await StoreSamples.texts(of: after.id, in: store) == ["hello", "hi"])
        #expect(try await store.session(of: StoreSamples.chat) == nil)
        #expect(try await store.move(order()).isNothing)
        #expect(try await store.statistics().totalSessions == 1)
    }

    @Sendable private static func movesTopics(_ store: any Store) async throws {
        // One chat's number begins with the other's.
        let other = ConversationKey(platform: .telegram, account: "42", chat: "10010")
        for (id, chat) in [("1", topic("7")), ("2", other), ("3", StoreSamples.chat)] {
            try await StoreSamples.turn(id, in: store, chat: chat)
        }
        #expect(try await store.move(order()).sessions == 2)
        #expect(try await store.session(of: topic("7", of: there)) != nil)
        #expect(try await store.session(of: topic("7")) == nil)
        #expect(try await store.session(of: other) != nil)
    }

    @Sendable private static func movesWaiting(_ store: any Store) async throws {
        let event = StoreSamples.event("1")
        let waiting = try await StoreSamples.accept(event, in: store)
        let rows = try await store.queueNotice(
            [RenderedChunk(text: "a"), RenderedChunk(text: "b")], in: StoreSamples.chat,
            address: StoreSamples.address(of: StoreSamples.chat), at: StoreSamples.start)
        // One that may have arrived stays doubtful; one whose message stands is sent anew.
        #expect(try await store.beginFirstSend(of: rows[0].id))
        _ = try await store.beginFirstSend(of: rows[1].id)
        _ = try await store.previewStands(of: rows[1].id, as: "m")
        let moved = try await store.move(order())
        #expect(moved.events == 1 && moved.rows == 2)
        let entry = try #require(try await store.unfinished(after: nil, limit: 10).first)
        #expect(entry.id == waiting.id)
        #expect(entry.event == order().moved(event))
        #expect(entry.event.conversation == there)
        let ready = try await store.ready(on: .telegram, after: nil, limit: 10)
        #expect(ready.map(\.id) == rows.map(\.id))
        #expect(ready.map(\.nonce) == rows.map(\.nonce))
        #expect(ready.allSatisfy { $0.conversation == there && $0.address.rawValue == "to:-1002" })
        #expect(ready.map(\.isDoubtful) == [true, false])
        #expect(ready.allSatisfy { $0.messageID == nil })
        #expect(try await store.accept([event], cursor: nil) == [])
    }

    @Sendable private static func movesGrants(_ store: any Store) async throws {
        func grant(_ entry: String) -> AccessGrant {
            AccessGrant(
                entry: entry, role: .member, name: "Group", grantedBy: "telegram:7", grantedAt: StoreSamples.start)
        }
        let configured = grant("telegram:chat:-1002")
        #expect(try await store.move(order(grant: configured)).grants == 1)
        #expect(try await store.grants() == [configured])
        #expect(try await store.move(order(grant: configured)).isNothing)
        _ = try await store.revoke(entry: configured.entry)
        try await store.grant(grant("telegram:chat:1001"))
        #expect(try await store.move(order()).grants == 1)
        #expect(try await store.grants() == [configured])
    }

    @Sendable private static func movesUnderATurn(_ store: any Store) async throws {
        let turn = try await StoreSamples.begin("1", in: store)
        _ = try await store.move(order())
        let commit = try await store.commit(turn.id, StoreSamples.result(), at: StoreSamples.at(60))
        guard case .committed(let session, _, let rows) = commit else {
            Issue.record("superseded")
            return
        }
        #expect(session.key == there)
        #expect(rows.map(\.conversation) == [there])
        #expect(rows.map(\.address.rawValue) == ["to:-1002"])
        #expect(try await store.unfinished(after: nil, limit: 10).isEmpty)
    }

    @Sendable private static func beginsWhereTheChatIs(_ store: any Store) async throws {
        let entry = try await StoreSamples.accept(StoreSamples.event("1"), in: store)
        _ = try await store.move(order())
        // Whoever took the event up before knows it by its old name.
        let turn = try await StoreSamples.begin([entry], in: store)
        #expect(turn.session.key == there)
        #expect(turn.reply.conversation == there)
        #expect(turn.reply.address.rawValue == "to:-1002")
        #expect(try await store.session(of: StoreSamples.chat) == nil)
    }

    @Sendable private static func joinsSessions(_ store: any Store) async throws {
        let older = try await StoreSamples.turn("1", in: store)
        let newer = try await StoreSamples.turn("2", in: store, chat: there, at: 20)
        let moved = try await store.move(order())
        #expect(moved.joined == 1)
        let session = try #require(try await store.session(of: there))
        #expect(session.id == older.id)
        #expect(session.messageCount == 4)
        #expect(session.totalTokens == older.totalTokens + newer.totalTokens)
        #expect(try await StoreSamples.texts(of: session.id, in: store) == ["hello", "hi", "hello", "hi"])
        #expect(try await store.session(newer.id) == nil)
        #expect(try await store.statistics().totalMessages == 4)
        #expect(try await store.audit(limit: 10) == [])
    }

    @Sendable private static func joinsAfterAReset(_ store: any Store) async throws {
        let older = try await StoreSamples.turn("1", in: store)
        try await StoreSamples.turn("2", in: store, chat: there, at: 20)
        _ = try await StoreSamples.reset(in: store, chat: there, at: 30)
        try await StoreSamples.turn("3", in: store, chat: there, at: 40)
        _ = try await store.move(order())
        let session = try #require(try await store.session(of: there))
        #expect(session.id == older.id)
        #expect(session.messageCount == 2)
        #expect(try await StoreSamples.texts(of: session.id, in: store).count == 2)
    }

    @Sendable private static func joinsUnderATurn(_ store: any Store) async throws {
        try await StoreSamples.turn("1", in: store)
        let turn = try await StoreSamples.begin("2", in: store, chat: there, at: 20)
        _ = try await store.move(order())
        let commit = try await store.commit(turn.id, StoreSamples.result("later"), at: StoreSamples.at(60))
        guard case .committed(let session, _, _) = commit else {
            Issue.record("superseded")
            return
        }
        #expect(session.key == there)
        #expect(try await StoreSamples.texts(of: session.id, in: store) == ["hello", "hi", "hello", "later"])
    }

    @Sendable private static func endsWork(_ store: any Store) async throws {
        let turn = try await StoreSamples.begin("1", in: store)
        let waiting = try await StoreSamples.accept(StoreSamples.event("2"), in: store)
        let reset = try await StoreSamples.accept(
            StoreSamples.event("3", body: .command(name: "reset", arguments: "")), in: store)
        let later = try await StoreSamples.accept(StoreSamples.event("4", at: 90), in: store)
        let elsewhere = try await StoreSamples.accept(StoreSamples.event("5", in: topic("7")), in: store)
        let ended = try await store.endWork(
            in: LostChat(StoreSamples.chat, wholeChat: false, reason: "blocked", since: StoreSamples.at(50)),
            at: StoreSamples.at(50))
        #expect(ended.turns == [turn.id])
        #expect(ended.events.contains(waiting.id))
        let left = try await store.unfinished(after: nil, limit: 10).map(\.id)
        #expect(left == [reset.id, later.id, elsewhere.id])
        #expect(
            try await store.commit(turn.id, StoreSamples.result(), at: StoreSamples.at(60)) == .superseded)
        #expect(try await store.ready(on: .telegram, after: nil, limit: 10).isEmpty)
        // The chat wakes again with the next message.
        let next = try await StoreSamples.begin([later], in: store)
        #expect(next.message.text == "hello")
    }

    @Sendable private static func endsWorkOfAChat(_ store: any Store) async throws {
        let inTopic = try await StoreSamples.accept(StoreSamples.event("1", in: topic("7")), in: store)
        let out = try await StoreSamples.accept(StoreSamples.event("2", body: .shutOut), in: store)
        let after = try await StoreSamples.accept(StoreSamples.event("3", in: topic("7")), in: store)
        let ended = try await store.endWork(
            in: LostChat(
                StoreSamples.chat, wholeChat: true, reason: "kicked", since: StoreSamples.at(50), event: out.id),
            at: StoreSamples.at(50))
        #expect(ended.events == [inTopic.id])
        #expect(try await store.unfinished(after: nil, limit: 10).map(\.id) == [out.id, after.id])
    }

    @Sendable private static func leavesWhatCameLater(_ store: any Store) async throws {
        func notice(_ text: String, in chat: ConversationKey = StoreSamples.chat) async throws -> OutboxID {
            let rows = try await store.queueNotice(
                [RenderedChunk(text: text)], in: chat, address: StoreSamples.address(of: chat), at: StoreSamples.start)
            return try #require(rows.first).id
        }
        let first = try await StoreSamples.accept(StoreSamples.event("1"), in: store)
        let second = try await StoreSamples.accept(StoreSamples.event("2", at: 90), in: store)
        let turn = try await StoreSamples.begin([first, second], in: store)
        _ = try await notice("old", in: topic("7"))
        let old = try await notice("old")
        let new = try await notice("new")
        let ended = try await store.endWork(
            in: LostChat(
                StoreSamples.chat, wholeChat: true, reason: "blocked", since: StoreSamples.at(50), newestRow: old),
            at: StoreSamples.at(95))
        #expect(ended == EndedWork(turns: [], events: []))
        guard
            case .committed(_, _, let rows) = try await store.commit(
                turn.id, StoreSamples.result(chunks: ["a", "b"]), at: StoreSamples.at(96))
        else {
            Issue.record("superseded")
            return
        }
        let ready = try await store.ready(on: .telegram, after: nil, limit: 10)
        #expect(ready.map(\.id) == [rows[0].id, new, rows[1].id])
    }
}
