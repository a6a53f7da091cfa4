import BotConversation
import BotCore
import BotSessions
import BotTestSupport
import Testing

@Suite(.timeLimit(.minutes(5)))
struct EnduranceTests {
    @Test("Promise 1: what a crash cut off is answered after the restart")
    func aCutTurnRunsAgain() async throws {
        let store = InMemoryStore()
        let first = EngineFixture(store: store)
        try await first.run { f in
            f.model.script { _ in .hang(["part"]) }
            try await f.engine.accept([.message("hello"), .message("again")], cursor: nil)
            await f.model.waitForRequests(1)
        }
        #expect(first.delivery.texts == [])
        let second = EngineFixture(store: store)
        try await second.run { f in
            await f.delivery.waitForTexts(2)
            #expect(f.delivery.texts == ["re: hello", "re: again"])
            // Outside of the macro, so that the closure is known to throw.
            let log = try await f.log(in: "42")
            #expect(log == ["user: hello", "assistant: re: hello", "user: again", "assistant: re: again"])
        }
    }

    @Test("Promise 1: an event that crashed the bot three times is set aside with a notice")
    func anEventThatCrashesIsSetAside() async throws {
        let store = InMemoryStore()
        let fixture = EngineFixture(store: store)
        let entries = try await store.accept([.message("poison"), .message("fine")], cursor: nil)
        for _ in 1...3 {
            // What a turn does before it dies.
            let start = try await fixture.sessions.beginTurn(
                events: [entries[0].id],
                in: SessionDraft(
                    conversation: .key(.test("42")), interfaceType: "telegram", externalUserID: "42",
                    externalChatID: "42", tokenLimit: 4000, expiresAfter: .seconds(86_400)),
                text: "poison", speaker: nil, externalID: entries[0].event.externalID,
                replyTo: entries[0].event.replyAddress, attempts: 3, apology: [])
            guard case .started = start else {
                Issue.record("did not start: \(start)")
                return
            }
        }
        try await fixture.run { f in
            await f.delivery.waitForTexts(2)
            #expect(f.delivery.texts[0].contains("put it aside"))
            #expect(f.model.requests.count == 1)
            #expect(f.delivery.texts[1].hasPrefix("re: "))
            let unfinished = try await f.store.unfinished(after: nil, limit: 10)
            #expect(unfinished.isEmpty)
        }
    }

    @Test func shutdownParksWhatRunsAndStartsNothing() async throws {
        let store = InMemoryStore()
        let first = EngineFixture(store: store)
        try await first.run { f in
            f.model.script { _ in .hang(["part"]) }
            try await f.engine.accept([.message("one"), .message("two")], cursor: nil)
            await f.model.waitForRequests(1)
            await withTaskGroup { group in
                group.addTask { await f.engine.drain(grace: .seconds(10)) }
                // The turn's deadline and the grace.
                await f.time.waitForSleepers(2)
                f.time.advance(by: .seconds(10))
            }
            #expect(f.delivery.texts == [])
            #expect(f.model.requests.count == 1)
        }
        // Parked turns do not count as crashes: five shutdowns set nothing aside.
        for _ in 1...5 {
            let again = EngineFixture(store: store)
            try await again.run { f in
                f.model.script { _ in .hang(["part"]) }
                await f.model.waitForRequests(1)
                await withTaskGroup { group in
                    group.addTask { await f.engine.drain(grace: .zero) }
                }
            }
        }
        let last = EngineFixture(store: store)
        try await last.run { f in
            await f.delivery.waitForTexts(2)
            #expect(f.delivery.texts == ["re: one", "re: two"])
        }
    }

    @Test func shutdownLetsATurnFinishInItsGrace() async throws {
        try await EngineFixture().run { f in
            f.model.script { _ in .hang(["whole"]) }
            try await f.engine.accept([.message("one")], cursor: nil)
            await f.model.waitForRequests(1)
            await withTaskGroup { group in
                group.addTask { await f.engine.drain(grace: .seconds(10)) }
                await f.time.waitForSleepers(2)
                f.model.release()
            }
            #expect(f.delivery.texts == ["whole"])
        }
    }

    @Test("A store that cannot be written stops intake, says so, and heals")
    func outagesHeal() async throws {
        try await EngineFixture().run { f in
            f.store.fail(with: .full)
            try await withThrowingTaskGroup { group in
                group.addTask {
                    try await f.engine.accept([.message("hello")], cursor: Cursor(name: "telegram/1", value: "7"))
                }
                await f.time.waitForSleepers(1)
                #expect(f.links.all["store"]?.state == .failed)
                #expect(f.links.all["store"]?.problem?.contains("disk is full") == true)
                f.time.advance(by: .seconds(1))
                await f.time.waitForSleepers(1)
                f.store.fail(with: nil)
                f.time.advance(by: .seconds(1))
                try await group.waitForAll()
            }
            #expect(f.links.all["store"]?.state == .connected)
            await f.delivery.waitForTexts(1)
            #expect(f.delivery.texts == ["re: hello"])
            #expect(try await f.store.cursor(named: "telegram/1") == "7")
        }
    }

    @Test func anAnswerSurvivesAnOutageAtItsCommit() async throws {
        try await EngineFixture().run { f in
            f.model.script { _ in .hang(["costly"]) }
            try await f.engine.accept([.message("hello")], cursor: nil)
            await f.model.waitForRequests(1)
            f.store.fail(with: .failed("disk I/O error"))
            f.model.release()
            await f.delivery.wait { calls in calls.contains { if case .ends = $0 { true } else { false } } }
            await f.time.waitForSleepers(1)
            f.store.fail(with: nil)
            while f.delivery.texts.isEmpty {
                f.time.advance(by: .seconds(1))
                await Task.yield()
            }
            #expect(f.delivery.texts == ["costly"])
            #expect(f.model.requests.count == 1)
        }
    }

    @Test("T15: with its queue full intake waits, and nothing is lost")
    func fullQueuesHoldIntake() async throws {
        let settings = ConversationSettings(parallelTurns: 1, queueLimit: 3, version: "1")
        try await EngineFixture(settings: settings).run { f in
            f.model.script { $0.words == "0" ? .hang(["0"]) : .say([$0.words]) }
            try await f.engine.accept((0..<3).map { .message("\($0)", chat: "\($0)") }, cursor: nil)
            await f.model.waitForRequests(1)
            try await withThrowingTaskGroup { group in
                group.addTask {
                    try await f.engine.accept([.message("3", chat: "3")], cursor: Cursor(name: "c", value: "1"))
                }
                for _ in 0..<100 { await Task.yield() }
                #expect(try await f.store.cursor(named: "c") == nil)
                f.model.release()
                try await group.waitForAll()
            }
            await f.delivery.waitForTexts(4)
            #expect(f.delivery.texts == ["0", "1", "2", "3"])
        }
    }

    @Test func aCancelledIntakeStopsWaiting() async throws {
        let settings = ConversationSettings(parallelTurns: 1, queueLimit: 1, version: "1")
        try await EngineFixture(settings: settings).run { f in
            f.model.script { _ in .hang([]) }
            try await f.engine.accept([.message("0")], cursor: nil)
            await #expect(throws: CancellationError.self) {
                try await withThrowingTaskGroup { group in
                    group.addTask { try await f.engine.accept([.message("1")], cursor: nil) }
                    group.cancelAll()
                    try await group.waitForAll()
                }
            }
        }
    }

    @Test func recoveryReadsMoreThanAPage() async throws {
        let store = InMemoryStore()
        _ = try await store.accept((0..<603).map { .message("\($0)", chat: "\($0 % 7)") }, cursor: nil)
        try await EngineFixture(store: store).run { f in
            await f.delivery.waitForTexts(603)
            for chat in 0..<7 {
                let expected = (0..<603).filter { $0 % 7 == chat }.map { "re: \($0)" }
                #expect(f.delivery.texts(in: "\(chat)") == expected)
            }
        }
    }
}
