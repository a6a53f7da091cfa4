import BotConversation
import BotCore
import BotTestSupport
import Testing

/// Chats that move, and chats that shut the bot out, in the engine.
@Suite(.timeLimit(.minutes(5)))
struct ChatChangeTests {
    private static let move = ChatMove("-7", to: "-1007", platform: .telegram, account: "1")
    private static let old = ChatScope.shared(space: "telegram:chat:-7", title: "Crew")
    private static let new = ChatScope.shared(space: "telegram:chat:-1007", title: "Crew")

    @Test("T25: a chat that cannot be reached loses its running turn and what waits, and wakes with its next message")
    func goesQuietAndWakes() async throws {
        try await EngineFixture().run { f in
            f.model.script { $0.words == "go" ? .hang(["Half"]) : .say(["re: ", $0.words]) }
            try await f.engine.accept([.message("go"), .message("waits"), .message("waits too")], cursor: nil)
            await f.model.waitForRequests(1)
            f.delivery.tell(
                .unreachable(LostChat(.test("42"), wholeChat: true, reason: "blocked", since: f.time.now)))
            await f.delivery.wait { $0.contains { if case .ends = $0 { true } else { false } } }
            try await f.engine.accept([.message("back", id: "back")], cursor: nil)
            await f.delivery.waitForTexts(1)
            // What was left unanswered is shown with it.
            #expect(f.delivery.texts == ["re: go\n\nback"])
            #expect(f.model.cancelledCalls == 1)
            #expect(f.model.requests.count == 2, "what waited cost no model call")
            #expect(try await f.store.unfinished(after: nil, limit: 10).isEmpty)
        }
    }

    @Test("T25: who blocks the bot while it works is not worked for any more; other chats go on")
    func endsWhenShutOut() async throws {
        try await EngineFixture().run { f in
            f.model.script { $0.words == "go" ? .hang(["Half"]) : .say(["re: ", $0.words]) }
            try await f.engine.accept([.message("go"), .message("waits")], cursor: nil)
            await f.model.waitForRequests(1)
            try await f.engine.accept(
                [.test(.shutOut, id: "out"), .message("still here", chat: "43")], cursor: nil)
            await f.delivery.waitForTexts(1)
            await f.delivery.wait { $0.contains { if case .ends = $0 { true } else { false } } }
            try await f.engine.accept([.message("unblocked", id: "u")], cursor: nil)
            await f.delivery.waitForTexts(2)
            #expect(f.delivery.texts(in: "42") == ["re: go\n\nunblocked"])
            #expect(f.delivery.texts(in: "43") == ["re: still here"])
            #expect(f.model.requests.count == 3)
        }
    }

    @Test("T25: what came after the bot was let in again is answered, also when all comes at once")
    func keepsWhatCameLater() async throws {
        try await EngineFixture().run { f in
            try await f.engine.accept(
                [.message("before"), .test(.shutOut, id: "out"), .message("after", id: "after")], cursor: nil)
            await f.delivery.wait { calls in
                calls.contains { call in
                    guard case .enqueued(let row) = call else { return false }
                    return row.payload?.text.hasSuffix("after") ?? false
                }
            }
        }
    }

    @Test("T24: the chat's memory, permission and place in line move with it")
    func movesEverything() async throws {
        try await EngineFixture(allow: ["telegram:chat:-7"]).run { f in
            try await f.engine.accept([.message("one", chat: "-7", scope: Self.old)], cursor: nil)
            await f.delivery.waitForTexts(1)
            let session = try await f.session(in: "-7")
            f.model.script { $0.words.contains("two") ? .hang(["Half"]) : .say(["re: ", $0.words]) }
            try await f.engine.accept(
                [
                    .message("two", chat: "-7", scope: Self.old), .message("three", chat: "-7", scope: Self.old),
                ], cursor: nil)
            await f.model.waitForRequests(2)
            try await f.engine.move(Self.move)
            try await f.engine.accept([.message("four", chat: "-1007", scope: Self.new)], cursor: nil)
            f.model.release()
            await f.delivery.waitForTexts(4)
            #expect(f.delivery.texts(in: "-1007").count == 3)
            #expect(f.delivery.texts(in: "-1007").first == "Half")
            #expect(f.delivery.calls.contains(.moved(Self.move)))
            #expect(try await f.session(in: "-1007")?.id == session?.id)
            #expect(try await f.session(in: "-7") == nil)
            #expect(
                try await f.log(in: "-1007").filter { $0.hasPrefix("user") }
                    == ["user: one", "user: two", "user: three", "user: four"])
            #expect(try await f.store.grants().map(\.entry) == ["telegram:chat:-1007"])
        }
    }

    @Test("T24: a turn of the new chat is answered although the older chat joins it before its context is read")
    func answersWhatIsJoinedAtItsBegin() async throws {
        try await EngineFixture().run { f in
            try await f.engine.accept([.message("one", chat: "-7", scope: Self.old)], cursor: nil)
            await f.delivery.waitForTexts(1)
            f.store.afterNextRead {
                do { try await f.engine.move(Self.move) } catch { Issue.record(error) }
            }
            try await f.engine.accept([.message("two", chat: "-1007", scope: Self.new)], cursor: nil)
            await f.delivery.waitForTexts(2)
            #expect(f.delivery.calls.contains(.moved(Self.move)))
            #expect(f.delivery.texts(in: "-1007") == ["re: Ada: two"])
            #expect(
                try await f.log(in: "-1007")
                    == ["user: one", "assistant: re: Ada: one", "user: two", "assistant: re: Ada: two"])
            #expect(try await f.store.unfinished(after: nil, limit: 10).isEmpty)
            #expect(try await f.store.statistics().totalSessions == 1)
        }
    }

    @Test("a session that is erased before a turn's context is read ends the turn without an answer")
    func staysSilentAfterAnErasure() async throws {
        try await EngineFixture().run { f in
            f.store.afterNextRead {
                do {
                    let session = try await f.session(in: "42")
                    _ = try await f.store.erase(try #require(session).id)
                } catch { Issue.record(error) }
            }
            try await f.engine.accept([.message("secret")], cursor: nil)
            await f.delivery.wait { $0.contains { if case .ends = $0 { true } else { false } } }
            try await f.engine.accept([.message("next", id: "next")], cursor: nil)
            await f.delivery.waitForTexts(1)
            #expect(f.delivery.texts == ["re: next"])
            #expect(try await f.store.unfinished(after: nil, limit: 10).isEmpty)
        }
    }

    @Test("T24: /stop from the new chat reaches a turn that began in the old one")
    func stopsAcrossAMove() async throws {
        try await EngineFixture().run { f in
            f.model.script { _ in .hang(["Half"]) }
            try await f.engine.accept([.message("go", chat: "-7", scope: Self.old)], cursor: nil)
            await f.model.waitForRequests(1)
            try await f.engine.move(Self.move)
            try await f.engine.accept([.command("stop", chat: "-1007", scope: Self.new)], cursor: nil)
            await f.delivery.waitForTexts(1)
            #expect(f.delivery.texts(in: "-1007") == ["Half\n\n(stopped)"])
        }
    }

    @Test("T24: what was written before the move and comes after it goes to the moved chat")
    func takesLateEventsAlong() async throws {
        try await EngineFixture().run { f in
            try await f.engine.accept([.message("one", chat: "-7", scope: Self.old)], cursor: nil)
            await f.delivery.waitForTexts(1)
            try await f.engine.move(Self.move)
            try await f.engine.accept([.message("late", chat: "-7", scope: Self.old)], cursor: nil)
            await f.delivery.waitForTexts(2)
            #expect(f.delivery.texts(in: "-1007") == ["re: Ada: late"])
            #expect(try await f.session(in: "-7") == nil)
        }
    }

    @Test("T24: the platform's refusal to send moves the chat too, and twice is as good as once")
    func movesOnARefusal() async throws {
        try await EngineFixture().run { f in
            try await f.engine.accept([.message("one", chat: "-7", scope: Self.old)], cursor: nil)
            await f.delivery.waitForTexts(1)
            for _ in 0..<2 { f.delivery.tell(.moved(Self.move)) }
            await f.delivery.wait { $0.filter { $0 == .moved(Self.move) }.count == 2 }
            #expect(try await f.session(in: "-1007") != nil)
        }
    }
}
