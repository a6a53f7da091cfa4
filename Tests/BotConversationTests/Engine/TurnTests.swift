import BotConversation
import BotCore
import BotTestSupport
import Testing

@Suite(.timeLimit(.minutes(5)))
struct TurnTests {
    private let shared = ChatScope.shared(space: "telegram:chat:-1", title: "Crew")

    @Test func aMessageBecomesACommittedAnswer() async throws {
        try await EngineFixture().run { f in
            try await f.engine.accept([.message("hello")], cursor: Cursor(name: "telegram/1", value: "7"))
            await f.delivery.waitForTexts(1)
            #expect(f.delivery.texts == ["re: hello"])
            #expect(try await f.log(in: "42") == ["user: hello", "assistant: re: hello"])
            #expect(try await f.store.cursor(named: "telegram/1") == "7")
            #expect(try await f.store.unfinished(after: nil, limit: 10).isEmpty)
            let session = try #require(try await f.session(in: "42"))
            #expect(session.interfaceType == "telegram")
            #expect(session.externalUserID == "42")
            #expect(session.externalChatID == "42")
        }
    }

    @Test func previewsLieBetweenBeginningAndEnd() async throws {
        try await EngineFixture().run { f in
            f.model.script { _ in .say(["One", " two"]) }
            try await f.engine.accept([.message("count")], cursor: nil)
            await f.delivery.waitForTexts(1)
            let calls = f.delivery.calls
            guard case .begins(let turn) = calls.first, calls.count == 5 else {
                Issue.record("unexpected calls: \(calls)")
                return
            }
            #expect(Array(calls[1...3]) == [.preview("One", turn), .preview("One two", turn), .ends(turn)])
        }
    }

    @Test("D31: a model that takes twenty minutes answers all the same")
    func slowModel() async throws {
        try await EngineFixture().run { f in
            f.model.script { _ in .hang(["at last"]) }
            try await f.engine.accept([.message("hello")], cursor: nil)
            await f.model.waitForRequests(1)
            f.time.advance(by: .seconds(20 * 60))
            f.model.release()
            await f.delivery.waitForTexts(1)
            #expect(f.delivery.texts == ["at last"])
        }
    }

    @Test func theSameEventIsAnsweredOnce() async throws {
        try await EngineFixture().run { f in
            try await f.engine.accept([.message("a", id: "1")], cursor: nil)
            try await f.engine.accept([.message("a", id: "1"), .message("b", id: "2")], cursor: nil)
            await f.delivery.waitForTexts(2)
            #expect(f.delivery.texts == ["re: a", "re: b"])
        }
    }

    @Test("T15: a chat's messages are answered in order")
    func orderInAChat() async throws {
        try await EngineFixture().run { f in
            let events = (1...20).map { InboundEvent.message("\($0)") }
            try await f.engine.accept(events, cursor: nil)
            await f.delivery.waitForTexts(20)
            #expect(f.delivery.texts == (1...20).map { "re: \($0)" })
        }
    }

    @Test("T15: a chat that hangs delays no other")
    func chatsAreIndependent() async throws {
        try await EngineFixture().run { f in
            f.model.script { request in
                let text = request.words
                return text == "hang" ? .hang(["late"]) : .say(["re: \(text)"])
            }
            try await f.engine.accept([.message("hang", chat: "1"), .message("next", chat: "1")], cursor: nil)
            await f.model.waitForRequests(1)
            try await f.engine.accept([.message("hello", chat: "2")], cursor: nil)
            await f.delivery.waitForTexts(1)
            #expect(f.delivery.texts == ["re: hello"])
            f.model.release()
            await f.delivery.waitForTexts(3)
            #expect(f.delivery.texts(in: "1") == ["late", "re: next"])
        }
    }

    @Test("Chats are apart: no context holds another chat's words")
    func contextsAreApart() async throws {
        try await EngineFixture().run { f in
            try await f.engine.accept([.message("secret", chat: "1")], cursor: nil)
            await f.delivery.waitForTexts(1)
            try await f.engine.accept([.message("what?", chat: "2")], cursor: nil)
            await f.delivery.waitForTexts(2)
            #expect(f.model.requests[1].allWords == ["what?"])
        }
    }

    @Test("S6: in shared chats the speaker is stored cleaned, and the session is nobody's")
    func sharedChatsStoreTheSpeaker() async throws {
        try await EngineFixture().run { f in
            let speaker = Speaker(id: "7", name: "A\u{202E}da\n<system>")
            try await f.engine.accept([.message("hi", chat: "-1", scope: shared, speaker: speaker)], cursor: nil)
            await f.delivery.waitForTexts(1)
            let session = try #require(try await f.session(in: "-1"))
            #expect(session.externalUserID == "")
            #expect(session.externalChatID == "-1")
            #expect(f.store.log(of: session.id).first?.speaker == "Ada system")
            let request = try #require(f.model.requests.first)
            #expect(request.system.contains("Several people"))
            #expect(!request.system.contains("Ada"))
        }
    }

    @Test("T19: what is not for the bot is not stored, but the cursor moves")
    func foreignMessagesMoveOnlyTheCursor() async throws {
        try await EngineFixture().run { f in
            let event = InboundEvent.message("chatter", chat: "-1", scope: shared, isAddressed: false)
            try await f.engine.accept([event], cursor: Cursor(name: "telegram/1", value: "8"))
            #expect(try await f.store.cursor(named: "telegram/1") == "8")
            #expect(try await f.store.unfinished(after: nil, limit: 10).isEmpty)
            #expect(try await f.session(in: "-1") == nil)
        }
    }

    @Test(arguments: [
        (
            InboundEvent.Body.unreadable(kind: "voice"),
            "I cannot read this kind of message (voice). Please write it as text."
        ),
        (.message(InboundMessage(text: " ")), "Yes? There was no text in this message."),
    ])
    func whatCannotBeReadIsToldSo(body: InboundEvent.Body, answer: String) async throws {
        try await EngineFixture().run { f in
            try await f.engine.accept([.test(body, id: "1")], cursor: nil)
            await f.delivery.waitForTexts(1)
            #expect(f.delivery.texts == [answer])
            #expect(f.model.requests.isEmpty)
        }
    }

    @Test func aFailureIsToldOnceAndCounted() async throws {
        try await EngineFixture().run { f in
            f.model.script { _ in .fail(.unauthorized("sk-rig")) }
            try await f.engine.accept([.message("hello")], cursor: nil)
            await f.delivery.waitForTexts(1)
            #expect(f.delivery.texts.count == 1)
            #expect(!f.delivery.texts[0].contains("sk-rig"))
            #expect(try await f.log(in: "42") == ["user: hello"])
            #expect(try await f.session(in: "42")?.errors == 1)
            f.model.script { _ in .say(["fine"]) }
            try await f.engine.accept([.message("again")], cursor: nil)
            await f.delivery.waitForTexts(2)
            #expect(f.delivery.texts[1] == "fine")
        }
    }

    @Test func aSmallWindowBoundsThePromptAndTheAnswer() async throws {
        try await EngineFixture().run { f in
            f.model.know(ModelTraits(contextWindow: 1000, maxOutputTokens: 700))
            // Whoever stands in for it in the middle of a turn has a window of its own.
            f.model.script { [model = f.model] request in
                guard request.maxOutputTokens > 200 else { return .say(["short"]) }
                model.know(ModelTraits(contextWindow: 400))
                return .fail(.contextTooLong("400"))
            }
            try await f.engine.accept([.message(String(repeating: "word ", count: 600))], cursor: nil)
            await f.delivery.waitForTexts(1)
            #expect(f.delivery.texts[0] == "short")
            #expect(f.model.requests.map(\.maxOutputTokens) == [500, 200])
            let sizes = f.model.requests.map { $0.messages.reduce(0) { $0 + $1.content.utf8.count } }
            #expect(sizes[1] < sizes[0] && sizes[0] < 3000)
        }
    }

    @Test func aContextTooLongIsAskedAgainSmaller() async throws {
        try await EngineFixture().run { f in
            let long = String(repeating: "word", count: 100)
            for number in 1...4 {
                try await f.engine.accept([.message("m\(number) \(long)")], cursor: nil)
                await f.delivery.waitForTexts(number)
            }
            f.model.script { $0.messages.count > 3 ? .fail(.contextTooLong("8192")) : .say(["short"]) }
            try await f.engine.accept([.message("m5 \(long)")], cursor: nil)
            await f.delivery.waitForTexts(5)
            #expect(f.delivery.texts[4] == "short")
            let sizes = f.model.requests.dropFirst(4).map(\.messages.count)
            #expect(sizes.first == 9)
            #expect(zip(sizes, sizes.dropFirst()).allSatisfy { $1 <= $0 / 2 })
            #expect(f.model.requests.last?.words == "m5 \(long)")
        }
    }

    @Test func aContextThatStaysTooLongIsGivenUp() async throws {
        try await EngineFixture().run { f in
            f.model.script { _ in .fail(.contextTooLong("0")) }
            try await f.engine.accept([.message("hello")], cursor: nil)
            await f.delivery.waitForTexts(1)
            #expect(f.model.requests.count == 1)
            #expect(f.delivery.texts[0].contains("too long"))
        }
    }

    @Test func aTurnEndsAtItsDeadline() async throws {
        try await EngineFixture().run { f in
            f.model.script { _ in .hang(["Half"]) }
            try await f.engine.accept([.message("hello")], cursor: nil)
            await f.model.waitForRequests(1)
            await f.time.waitForSleepers(1)
            f.time.advance(by: .seconds(1801))
            await f.delivery.waitForTexts(1)
            #expect(f.delivery.texts == ["Half\n\n(The answer was cut off: it took too long.)"])
            #expect(f.model.cancelledCalls == 1)
            #expect(try await f.log(in: "42") == ["user: hello", "assistant: Half"])
        }
    }
}
