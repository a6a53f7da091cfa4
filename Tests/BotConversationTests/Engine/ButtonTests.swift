import BotConversation
import BotCore
import BotTestSupport
import Testing

@Suite(.timeLimit(.minutes(5)))
struct ButtonTests {
    private static let group = ChatScope.shared(space: "telegram:chat:-5", title: "Us")
    private static let ana = Speaker(id: "1", name: "Ana")
    private static let ben = Speaker(id: "2", name: "Ben")

    private static func press(
        _ button: ReplyButton?, id: String = "p", chat: String = "42", scope: ChatScope = .direct,
        by speaker: Speaker? = nil
    ) throws -> InboundEvent {
        let code = try #require(button).action.rawValue
        return .test(
            .buttonPressed(ButtonPress(code: code, id: "query-\(id)", message: "m9")), chat: chat, id: id, scope: scope,
            speaker: speaker)
    }

    /// Asks what fails for now, and returns the button under the sentence that says so.
    private static func failing(_ f: EngineFixture) async throws -> ReplyButton {
        f.model.script { _ in .fail(.network("down")) }
        try await f.engine.accept([.message("tell me")], cursor: nil)
        await f.delivery.waitForTexts(1)
        return try #require(f.delivery.buttons(of: 0).first)
    }

    @Test("T43: Retry answers again, is answered at once, and loses its buttons")
    func retries() async throws {
        try await EngineFixture().run { f in
            let button = try await Self.failing(f)
            #expect(button.label == "Retry")
            f.model.script { _ in .say(["an answer"]) }
            try await f.engine.accept([Self.press(button)], cursor: nil)
            await f.delivery.waitForTexts(2)
            #expect(f.delivery.texts[1] == "an answer")
            #expect(f.delivery.buttons(of: 1) == [])
            #expect(try await f.log(in: "42") == ["user: tell me", "assistant: an answer"])
            await f.delivery.wait { $0.contains(.removedButtons("m9")) }
            #expect(f.delivery.answers == [RecordingDelivery.Answer(press: "query-p", notice: nil)])
            #expect(try await f.store.unfinished(after: nil, limit: 1).isEmpty)
        }
    }

    @Test("T43: a second press does nothing and says why")
    func secondPress() async throws {
        try await EngineFixture().run { f in
            let button = try await Self.failing(f)
            f.model.script { _ in .say(["an answer"]) }
            try await f.engine.accept([Self.press(button)], cursor: nil)
            await f.delivery.waitForTexts(2)
            try await f.engine.accept([Self.press(button, id: "again")], cursor: nil)
            await f.delivery.waitForAnswers(2)
            #expect(f.delivery.answers[1].notice == "This is no longer the newest answer.")
            // An event behind it shows that it was handled.
            try await f.engine.accept([.message("and now?")], cursor: nil)
            await f.delivery.waitForTexts(3)
            #expect(f.model.requests.count == 3)
            #expect(try await f.log(in: "42").filter { $0.hasPrefix("assistant") }.count == 2)
        }
    }

    @Test("T43: two presses at once are one answer")
    func pressesAtOnce() async throws {
        try await EngineFixture().run { f in
            let button = try await Self.failing(f)
            f.model.script { _ in .say(["an answer"]) }
            try await f.engine.accept(
                [Self.press(button, id: "1"), Self.press(button, id: "2"), .message("and now?")], cursor: nil)
            await f.delivery.waitForTexts(3)
            #expect(f.delivery.texts[1...] == ["an answer", "an answer"])
            #expect(f.model.requests.map(\.words) == ["tell me", "tell me", "and now?"])
            #expect(try await f.store.unfinished(after: nil, limit: 1).isEmpty)
        }
    }

    @Test("T43: the same press comes twice and is handled once")
    func repeatedUpdate() async throws {
        try await EngineFixture().run { f in
            let button = try await Self.failing(f)
            f.model.script { _ in .say(["an answer"]) }
            let press = try Self.press(button)
            try await f.engine.accept([press], cursor: nil)
            await f.delivery.waitForTexts(2)
            try await f.engine.accept([press, .message("and now?")], cursor: nil)
            await f.delivery.waitForTexts(3)
            #expect(f.model.requests.count == 3)
            #expect(f.delivery.answers.count == 1)
        }
    }

    @Test("T43: an old button is harmless once something else was said")
    func outdated() async throws {
        try await EngineFixture().run { f in
            let button = try await Self.failing(f)
            f.model.script { _ in .say(["fine"]) }
            try await f.engine.accept([.message("something else")], cursor: nil)
            await f.delivery.waitForTexts(2)
            try await f.engine.accept([Self.press(button), .message("and now?")], cursor: nil)
            await f.delivery.waitForTexts(3)
            #expect(f.delivery.answers.map(\.notice) == ["This is no longer the newest answer."])
            #expect(f.model.requests.count == 3)
        }
    }

    @Test("T43: a press is answered while the chat's turn hangs")
    func answeredAtOnce() async throws {
        try await EngineFixture().run { f in
            let button = try await Self.failing(f)
            f.model.script { _ in .hang(["Half"]) }
            try await f.engine.accept([.message("long")], cursor: nil)
            await f.model.waitForRequests(2)
            try await f.engine.accept([Self.press(button)], cursor: nil)
            await f.delivery.waitForAnswers(1)
            #expect(f.delivery.answers[0].notice == "This is no longer the newest answer.")
        }
    }

    @Test("T43: nothing of before a reset comes back by a button")
    func afterReset() async throws {
        try await EngineFixture().run { f in
            let button = try await Self.failing(f)
            try await f.engine.accept([.command("reset")], cursor: nil)
            await f.delivery.waitForTexts(2)
            try await f.engine.accept([Self.press(button), .message("and now?")], cursor: nil)
            await f.delivery.waitForTexts(3)
            #expect(f.delivery.answers.map(\.notice) == ["This is no longer the newest answer."])
            #expect(f.model.requests.last?.messages.map(\.words) == ["and now?"])
        }
    }

    @Test("T43: Continue lets the model go on where it stopped, and the log says that it was a button")
    func continues() async throws {
        try await EngineFixture().run { f in
            f.model.script { _ in .say(["One, two,"], .length) }
            try await f.engine.accept([.message("count")], cursor: nil)
            await f.delivery.waitForTexts(1)
            let button = try #require(f.delivery.buttons(of: 0).first)
            #expect(button.label == "Continue")
            f.model.script { _ in .say([" three."]) }
            try await f.engine.accept([Self.press(button)], cursor: nil)
            await f.delivery.waitForTexts(2)
            #expect(f.delivery.texts[1] == " three.")
            #expect(f.delivery.buttons(of: 1) == [])
            let shown = f.model.requests[1].messages
            #expect(shown.map(\.role) == [.user, .assistant, .user])
            #expect(shown[1].content == "One, two,")
            #expect(shown[2].words.hasPrefix("Continue exactly where your last answer broke off"))
            let session = try #require(try await f.session(in: "42"))
            let log = f.store.log(of: session.id)
            #expect(log.map(\.role) == [.user, .assistant, .user, .assistant])
            #expect(log[2].metadata == ["button": .string("continue")])
            #expect(log[3].text == " three.")
            // What it went on from is not the newest any more.
            try await f.engine.accept([Self.press(button, id: "again")], cursor: nil)
            await f.delivery.waitForAnswers(2)
            #expect(f.delivery.answers[1].notice == "This is no longer the newest answer.")
        }
    }

    @Test("T43: Undo takes back the reset that it stands under, once")
    func undoesReset() async throws {
        try await EngineFixture().run { f in
            try await f.engine.accept([.message("my cat is Tom")], cursor: nil)
            await f.delivery.waitForTexts(1)
            try await f.engine.accept([.command("reset")], cursor: nil)
            await f.delivery.waitForTexts(2)
            let button = try #require(f.delivery.buttons(of: 1).first)
            #expect(button.label == "Undo")
            try await f.engine.accept([Self.press(button)], cursor: nil)
            await f.delivery.waitForTexts(3)
            #expect(f.delivery.texts[2] == "Done. I remember 2 messages again.")
            try await f.engine.accept([Self.press(button, id: "again"), .message("what is my cat?")], cursor: nil)
            await f.delivery.waitForTexts(4)
            #expect(f.delivery.answers.map(\.notice) == [nil, "This can no longer be taken back."])
            #expect(f.model.requests.last?.messages.first?.words == "my cat is Tom")
        }
    }

    @Test("T43: Undo never takes back anything but its reset")
    func undoesNothingElse() async throws {
        try await EngineFixture().run { f in
            try await f.engine.accept([.message("one")], cursor: nil)
            await f.delivery.waitForTexts(1)
            try await f.engine.accept([.command("reset")], cursor: nil)
            await f.delivery.waitForTexts(2)
            let button = try #require(f.delivery.buttons(of: 1).first)
            try await f.engine.accept([.message("two")], cursor: nil)
            await f.delivery.waitForTexts(3)
            try await f.engine.accept([Self.press(button), .command("status")], cursor: nil)
            await f.delivery.waitForTexts(4)
            #expect(f.delivery.answers.map(\.notice) == ["This can no longer be taken back."])
            #expect(f.delivery.texts[3].contains("This conversation: 2 messages"))
        }
    }

    @Test("T43: a reset that cleared nothing has no button")
    func emptyReset() async throws {
        try await EngineFixture().run { f in
            try await f.engine.accept([.command("reset")], cursor: nil)
            await f.delivery.waitForTexts(1)
            #expect(f.delivery.buttons(of: 0) == [])
        }
    }

    @Test("T43: in a group only who asked may press, or the owner")
    func presser() async throws {
        let store = InMemoryStore()
        let owner = AccessGrant(
            entry: "telegram:9", role: .owner, name: "Olga", grantedBy: "telegram:9", grantedAt: Timestamp(rawValue: 1))
        try await store.grant(owner)
        try await EngineFixture(store: store, allow: ["telegram:chat:-5"]).run { f in
            f.model.script { _ in .fail(.network("down")) }
            try await f.engine.accept(
                [.message("tell me", chat: "-5", scope: Self.group, speaker: Self.ana)], cursor: nil)
            await f.delivery.waitForTexts(1)
            let button = f.delivery.buttons(of: 0).first
            let other = try Self.press(button, id: "ben", chat: "-5", scope: Self.group, by: Self.ben)
            try await f.engine.accept([other], cursor: nil)
            await f.delivery.waitForAnswers(1)
            #expect(f.delivery.answers[0].notice == "Only Ana can do that.")
            let boss = Speaker(id: "9", name: "Olga")
            try await f.engine.accept(
                [Self.press(button, id: "olga", chat: "-5", scope: Self.group, by: boss)], cursor: nil)
            await f.delivery.waitForTexts(2)
            #expect(f.model.requests.count == 2)
            // The new answer is Olga's, who asked for it.
            let next = f.delivery.buttons(of: 1).first
            try await f.engine.accept(
                [Self.press(next, id: "ana", chat: "-5", scope: Self.group, by: Self.ana)], cursor: nil)
            await f.delivery.waitForAnswers(3)
            #expect(f.delivery.answers.map(\.notice).dropFirst() == [nil, "Only Ana can do that."])
        }
    }

    @Test("T43: a stranger's press does nothing, and neither does one of another chat")
    func foreign() async throws {
        try await EngineFixture(allow: ["telegram:42", "telegram:43"]).run { f in
            let button = try await Self.failing(f)
            let stranger = Speaker(id: "66", name: "Mallory")
            try await f.engine.accept(
                [Self.press(button, id: "stranger", by: stranger), Self.press(button, id: "elsewhere", chat: "43")],
                cursor: nil)
            await f.delivery.waitForAnswers(2)
            #expect(
                Set(f.delivery.answers.map(\.notice)) == [
                    "Only people whom my owner has let in can use this.", "This is no longer the newest answer.",
                ])
            f.model.script { _ in .say(["still there"]) }
            try await f.engine.accept([Self.press(button)], cursor: nil)
            await f.delivery.waitForTexts(2)
            #expect(f.model.requests.count == 2)
        }
    }

    @Test("T43: a press that a crash cut off is handled once by the next start")
    func survivesCrash() async throws {
        let store = InMemoryStore()
        let pressed = Lock<InboundEvent?>(nil)
        try await EngineFixture(store: store).run { f in
            let press = try Self.press(try await Self.failing(f))
            pressed.withLock { $0 = press }
            f.model.script { _ in .hang(["lost"]) }
            try await f.engine.accept([press], cursor: nil)
            await f.model.waitForRequests(2)
            store.fail(with: .cancelled)
        }
        store.fail(with: nil)
        try await EngineFixture(store: store).run { f in
            f.model.script { _ in .say(["an answer"]) }
            await f.delivery.waitForTexts(1)
            #expect(f.delivery.texts == ["an answer"])
            let again = try #require(pressed.withLock { $0 })
            try await f.engine.accept([again, .message("and now?")], cursor: nil)
            await f.delivery.waitForTexts(2)
            #expect(f.model.requests.count == 2)
            #expect(try await f.session(in: "42")?.messageCount == 4)
        }
    }
}
