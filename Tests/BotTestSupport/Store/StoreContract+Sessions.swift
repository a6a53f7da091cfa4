import BotCore
import Testing

extension StoreContract {
    /// Behaviours of `SessionStore`.
    package static let sessions: [Behaviour] = [
        Behaviour("has one session for a conversation", makesOne),
        Behaviour("numbers platforms' conversations from 2^32", numbersConversations),
        Behaviour("finds a platform's session by number, and makes none there", refusesPlatformNumbers),
        Behaviour("appends with numbers without gaps and counts", appends),
        Behaviour("appends a message once under its external id", appendsOnce),
        Behaviour("keeps every character and all metadata", keepsTexts),
        Behaviour("returns the newest messages, oldest first", listsNewest),
        Behaviour("merges state at the top level", mergesState),
        Behaviour("keeps the chosen model until it is taken back or the chat is erased", keepsChoice),
        Behaviour("wakes an inactive session", wakes),
        Behaviour("expires sessions, the longest idle first", expires),
        Behaviour("lists active sessions, newest activity first", listsActive),
        Behaviour("erases a session with all that belongs to it", erases),
        Behaviour("books nothing and adds nothing for a turn whose session was erased", erasesUnderTurn),
        Behaviour("keeps totals that agree with the sessions", keepsStatistics),
    ]

    @Sendable private static func keepsChoice(_ store: any Store) async throws {
        var expected = try await StoreSamples.turn("1", in: store)
        let other = try await StoreSamples.turn("2", in: store, chat: StoreSamples.otherChat)
        #expect(expected.chosenModel == nil)
        expected.chosenModel = "openai/gpt-5"
        #expect(try await store.chooseModel("openai/gpt-5", of: expected.id) == expected)
        #expect(try await store.session(expected.id) == expected)
        #expect(try await store.session(other.id) == other)
        #expect(try await store.chooseModel("x", of: SessionID(999)) == nil)
        _ = try await StoreSamples.reset(in: store)
        #expect(try await StoreSamples.begin("3", in: store, at: 11).session.chosenModel == "openai/gpt-5")
        #expect(try await store.chooseModel(nil, of: expected.id)?.chosenModel == nil)
        _ = try await store.chooseModel("openai/gpt-5", of: expected.id)
        let request = CommandRequest(conversation: .key(StoreSamples.chat), event: nil, at: StoreSamples.at(60))
        _ = try await store.forget(request, stopped: StoreSamples.stopped) { _ in [] }
        #expect(try await store.getOrCreate(StoreSamples.session(), at: StoreSamples.at(61)).chosenModel == nil)
    }

    @Sendable private static func makesOne(_ store: any Store) async throws {
        let first = try await store.getOrCreate(StoreSamples.session(), at: StoreSamples.start)
        var draft = StoreSamples.session()
        draft.tokenLimit = 9
        #expect(try await store.getOrCreate(draft, at: StoreSamples.at(5)) == first)
        #expect(try await store.session(first.id) == first)
        #expect(try await store.session(of: first.conversation) == first)
        #expect(try await store.session(of: StoreSamples.chat) == first)
        #expect(try await store.session(SessionID(999)) == nil)
        #expect(first.isActive)
        #expect(first.headSeq == 0)
        #expect(first.tokenLimit == 4000)
        #expect(first.expiresAt == StoreSamples.at(3600))
    }

    @Sendable private static func numbersConversations(_ store: any Store) async throws {
        let telegram = try await store.getOrCreate(StoreSamples.session(), at: StoreSamples.start)
        let numbered = try await store.getOrCreate(
            StoreSamples.session(.number(ConversationID(7)), interface: "web"), at: StoreSamples.start)
        let discord = try await store.getOrCreate(
            StoreSamples.session(.key(StoreSamples.otherChat)), at: StoreSamples.start)
        #expect(telegram.conversation == .firstOfPlatforms)
        #expect(discord.conversation.rawValue == ConversationID.firstOfPlatforms.rawValue + 1)
        #expect(numbered.conversation == ConversationID(7))
        #expect(numbered.key == nil)
        #expect(discord.key == StoreSamples.otherChat)
        let again = try await store.getOrCreate(
            StoreSamples.session(.number(ConversationID(7))), at: StoreSamples.at(1))
        #expect(again == numbered)
    }

    @Sendable private static func refusesPlatformNumbers(_ store: any Store) async throws {
        let telegram = try await store.getOrCreate(StoreSamples.session(), at: StoreSamples.start)
        let byNumber = try await store.getOrCreate(
            StoreSamples.session(.number(telegram.conversation), interface: "web"), at: StoreSamples.at(1))
        #expect(byNumber == telegram)
        let unknown = StoreSamples.session(.number(ConversationID(1 << 40)))
        await #expect(throws: StoreError.self) { try await store.getOrCreate(unknown, at: StoreSamples.at(1)) }
    }

    @Sendable private static func appends(_ store: any Store) async throws {
        let session = try await store.getOrCreate(StoreSamples.session(), at: StoreSamples.start)
        let roles: [Role] = [.user, .assistant, .user, .tool, .system]
        for (index, role) in roles.enumerated() {
            let draft = StoreSamples.message("\(index)", role: role, tokens: index + 1)
            let appended = try #require(try await store.append(draft, to: session.id, at: StoreSamples.at(index)))
            #expect(appended.isNew)
            #expect(appended.message.seq == Int64(index + 1))
            #expect(appended.message.role == role)
            #expect(appended.session.headSeq == Int64(index + 1))
        }
        let after = try #require(try await store.session(session.id))
        #expect(after.messageCount == 5)
        #expect(after.inputTokens == 1 + 3)
        #expect(after.outputTokens == 2 + 4 + 5)
        #expect(after.lastActiveAt == StoreSamples.at(4))
        let nobody = try await store.append(StoreSamples.message("x"), to: SessionID(999), at: StoreSamples.start)
        #expect(nobody == nil)
    }

    @Sendable private static func appendsOnce(_ store: any Store) async throws {
        let session = try await store.getOrCreate(StoreSamples.session(), at: StoreSamples.start)
        let other = try await store.getOrCreate(
            StoreSamples.session(.key(StoreSamples.otherChat)), at: StoreSamples.start)
        let draft = StoreSamples.message("a", externalID: "e1")
        let first = try await store.append(draft, to: session.id, at: StoreSamples.at(1))
        let second = try await store.append(draft, to: session.id, at: StoreSamples.at(2))
        #expect(first?.isNew == true)
        #expect(second?.isNew == false)
        #expect(second?.message == first?.message)
        #expect(second?.session == first?.session)
        #expect(try await store.append(draft, to: other.id, at: StoreSamples.at(3))?.isNew == true)
    }

    @Sendable private static func keepsTexts(_ store: any Store) async throws {
        let session = try await store.getOrCreate(StoreSamples.session(), at: StoreSamples.start)
        let texts = [
            "", "👩‍👩‍👧‍👦 e\u{301} é", "'; DROP TABLE message; --", "日本語", String(repeating: "long ", count: 50_000),
        ]
        let metadata: [String: JSONValue] = ["n": .integer(1), "nested": .object(["a": .array([.null, .bool(true)])])]
        for text in texts {
            let draft = MessageDraft(
                role: .user, text: text, speaker: "Ann", tokens: 1, tokenizer: "t", metadata: metadata)
            _ = try await store.append(draft, to: session.id, at: StoreSamples.start)
        }
        let stored = try await store.newestMessages(of: session.id, limit: 10)
        #expect(stored.count == texts.count)
        for (message, text) in zip(stored, texts) {
            // Compared as bytes, for equal strings may differ in their normal form; and as a Bool, for a short report.
            let isEqual = message.text.utf8.elementsEqual(text.utf8)
            #expect(isEqual, "\(text.prefix(20))")
        }
        #expect(stored.allSatisfy { $0.metadata == metadata && $0.speaker == "Ann" })
    }

    @Sendable private static func listsNewest(_ store: any Store) async throws {
        let session = try await store.getOrCreate(StoreSamples.session(), at: StoreSamples.start)
        let other = try await store.getOrCreate(
            StoreSamples.session(.key(StoreSamples.otherChat)), at: StoreSamples.start)
        for number in 1...6 {
            _ = try await store.append(StoreSamples.message("\(number)"), to: session.id, at: StoreSamples.start)
            _ = try await store.append(StoreSamples.message("other"), to: other.id, at: StoreSamples.start)
        }
        #expect(try await store.newestMessages(of: session.id, limit: 3).map(\.text) == ["4", "5", "6"])
        #expect(try await store.newestMessages(of: session.id, limit: 100).count == 6)
        #expect(try await store.newestMessages(of: SessionID(999), limit: 100).isEmpty)
    }

    @Sendable private static func mergesState(_ store: any Store) async throws {
        let session = try await store.getOrCreate(StoreSamples.session(), at: StoreSamples.start)
        let patch: [String: JSONValue] = ["language": .string("de"), "mood": .object(["a": .integer(1)])]
        let after = try await store.updateState(of: session.id, with: patch, at: StoreSamples.at(1))
        #expect(after?.state == patch)
        let more = try await store.updateState(of: session.id, with: ["x": .null], at: StoreSamples.at(1))
        #expect(more?.state.count == 3)
        #expect(try await store.session(session.id) == more)
        #expect(try await store.updateState(of: SessionID(999), with: patch, at: StoreSamples.at(1)) == nil)
    }

    @Sendable private static func wakes(_ store: any Store) async throws {
        let session = try await store.getOrCreate(StoreSamples.session(), at: StoreSamples.start)
        #expect(try await store.deactivate(session.id))
        #expect(try await store.deactivate(SessionID(999)) == false)
        #expect(try await store.session(session.id)?.isActive == false)
        let woken = try await store.getOrCreate(StoreSamples.session(), at: StoreSamples.at(9))
        #expect(woken.isActive)
        #expect(woken.lastActiveAt == StoreSamples.at(9))
        _ = try await store.deactivate(session.id)
        let appended = try await store.append(StoreSamples.message("a"), to: session.id, at: StoreSamples.at(10))
        #expect(appended?.session.isActive == true)
    }

    @Sendable private static func expires(_ store: any Store) async throws {
        var sessions: [Session] = []
        for number in 1...4 {
            let draft = StoreSamples.session(
                .number(ConversationID(Int64(number))), expiresAfter: .seconds(number == 2 ? 1000 : 10))
            sessions.append(try await store.getOrCreate(draft, at: StoreSamples.at(number)))
        }
        #expect(try await store.expire(at: StoreSamples.at(10), limit: 10).isEmpty)
        #expect(try await store.expire(at: StoreSamples.at(13), limit: 1) == [sessions[0].id])
        #expect(try await store.expire(at: StoreSamples.at(13), limit: 10) == [sessions[2].id])
        #expect(try await store.activeSessions(limit: 10).map(\.id) == [sessions[3].id, sessions[1].id])
    }

    @Sendable private static func listsActive(_ store: any Store) async throws {
        var sessions: [Session] = []
        for number in 1...3 {
            let draft = StoreSamples.session(.number(ConversationID(Int64(number))))
            sessions.append(try await store.getOrCreate(draft, at: StoreSamples.at(number)))
        }
        _ = try await store.append(StoreSamples.message("a"), to: sessions[0].id, at: StoreSamples.at(9))
        let listed = try await store.activeSessions(limit: 2)
        #expect(listed.map(\.id) == [sessions[0].id, sessions[2].id])
    }

    @Sendable private static func erases(_ store: any Store) async throws {
        let session = try await StoreSamples.turn("1", in: store)
        let other = try await StoreSamples.turn("1", in: store, chat: StoreSamples.otherChat)
        let waiting = try await StoreSamples.accept(StoreSamples.event("2"), in: store)
        _ = try await store.queueNotice(
            [RenderedChunk(text: "x")], in: StoreSamples.chat, address: StoreSamples.address(of: StoreSamples.chat),
            at: StoreSamples.start)
        #expect(try await store.erase(session.id))
        #expect(try await store.erase(session.id) == false)
        #expect(try await store.session(of: StoreSamples.chat) == nil)
        #expect(try await store.newestMessages(of: session.id, limit: 10).isEmpty)
        #expect(try await store.ready(on: .telegram, after: nil, limit: 10).isEmpty)
        #expect(try await store.unfinished(after: nil, limit: 10).isEmpty)
        // What the platform sends again is still known as seen.
        #expect(try await store.accept([waiting.event], cursor: nil).isEmpty)
        #expect(try await store.session(other.id) == other)
        #expect(try await store.statistics().totalSessions == 1)
        let fresh = try await StoreSamples.turn("3", in: store)
        #expect(fresh.id != session.id)
        #expect(fresh.headSeq == 2)
    }

    @Sendable private static func erasesUnderTurn(_ store: any Store) async throws {
        let turn = try await StoreSamples.begin("1", in: store)
        #expect(try await store.erase(turn.session.id))
        #expect(try await store.commit(turn.id, StoreSamples.result(), at: StoreSamples.at(2)) == .superseded)
        #expect(try await store.beginFirstSend(of: turn.reply.id) == false)
        #expect(try await store.statistics() == StoreStatistics())
    }

    @Sendable private static func keepsStatistics(_ store: any Store) async throws {
        #expect(try await store.statistics() == StoreStatistics())
        let telegram = try await StoreSamples.turn("1", in: store)
        _ = try await StoreSamples.turn("2", in: store)
        _ = try await StoreSamples.turn("1", in: store, chat: StoreSamples.otherChat)
        let web = try await store.getOrCreate(
            StoreSamples.session(.number(ConversationID(1)), interface: "web"), at: StoreSamples.start)
        _ = try await store.append(StoreSamples.message("a", tokens: 10), to: web.id, at: StoreSamples.start)
        try await store.count(toolCalls: 2, errors: 1, in: web.id)
        #expect(try await store.session(web.id)?.toolCalls == 2)
        #expect(try await store.session(web.id)?.errors == 1)
        _ = try await store.deactivate(web.id)
        var expected = StoreStatistics()
        expected.totalSessions = 3
        expected.activeSessions = 2
        expected.totalMessages = 7
        expected.totalTokens = 3 * 8 + 10
        expected.activeMessages = 6
        expected.activeByInterface = ["telegram": 1, "discord": 1]
        expected.toolCalls = 2
        expected.errors = 1
        #expect(try await store.statistics() == expected)
        _ = try await StoreSamples.reset(in: store)
        expected.totalMessages -= 4
        expected.totalTokens -= 16
        expected.activeMessages -= 4
        #expect(try await store.statistics() == expected)
        _ = try await StoreSamples.undo(in: store)
        _ = try await store.erase(web.id)
        let last = try await store.statistics()
        #expect(last.totalMessages == 6)
        #expect(last.totalTokens == 24)
        #expect(last.toolCalls == 0)
        #expect(try await store.session(telegram.id)?.messageCount == 4)
    }
}
