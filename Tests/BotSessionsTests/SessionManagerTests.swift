import BotCore
import BotSessions
import BotTestSupport
import Testing

@Suite(.timeLimit(.minutes(5)))
struct SessionManagerTests {
    // MARK: - The guide's three snippets

    @Test func takesAConversationOfFivePairs() async throws {
        let fixture = SessionsFixture()
        // A number that no conversation has yet is made on demand.
        let draft = SessionsFixture.draft(.number(ConversationID(999)))
        let session = try await fixture.manager.getOrCreateSession(draft)
        for number in 1...5 {
            _ = try await fixture.manager.addMessage(to: session.id, role: .user, content: "Question \(number)")
            _ = try await fixture.manager.addMessage(to: session.id, role: .assistant, content: "Answer \(number)")
        }
        let after = try #require(try await fixture.manager.getSession(session.id))
        #expect(after.messageCount == 10)
        #expect(after.inputTokens == 5 * 10)
        #expect(after.outputTokens == 5 * 8)
        #expect(try await fixture.manager.buildContext(session.id)?.messages.count == 10)
        #expect(try await fixture.manager.getOrCreateSession(draft).id == session.id)
    }

    @Test func takesFiftyLongMessages() async throws {
        let fixture = SessionsFixture()
        let long = String(repeating: "This is a long message. ", count: 20)
        let id = try await fixture.session((1...50).map { "\($0) \(long)" })
        #expect(try await fixture.manager.getSession(id)?.messageCount == 50)
        let context = try #require(try await fixture.manager.buildContext(id))
        #expect(context.totalTokens <= 4000)
        #expect(context.messages.last?.content.hasPrefix("50 ") == true)
        #expect(try await fixture.manager.messages(of: id, limit: 100).count == 50)
    }

    @Test func cleansUpWhatHasExpiredAndWakesItWithItsContext() async throws {
        let fixture = SessionsFixture()
        let id = try await fixture.session(["Hello", "Hi"])
        let context = try await fixture.manager.buildContext(id)
        fixture.time.advance(by: .seconds(86_401))
        let other = try await fixture.session(["Still here"], number: 2)
        try await fixture.manager.cleanup()
        #expect(try await fixture.manager.activeSessions().map(\.id) == [other])
        #expect(try await fixture.manager.getSession(id)?.isActive == false)
        #expect(try await fixture.manager.buildContext(id) == context)
        let woken = try await fixture.manager.addMessage(to: id, role: .user, content: "Back")
        #expect(woken?.isActive == true)
        #expect(try await fixture.manager.buildContext(id)?.messages.count == 3)
    }

    // MARK: - Operations

    @Test func saysNilOrFalseWhereThereIsNoSession() async throws {
        let manager = SessionsFixture().manager
        let id = SessionID(77)
        #expect(try await manager.getSession(id) == nil)
        #expect(try await manager.addMessage(to: id, role: .user, content: "x") == nil)
        #expect(try await manager.clearMessages(id) == nil)
        #expect(try await manager.updateState(of: id, with: [:]) == nil)
        #expect(try await manager.deactivate(id) == false)
        #expect(try await manager.delete(id) == false)
        try await manager.recordToolCall(in: id)
    }

    @Test func countsToolCallsAndErrors() async throws {
        let fixture = SessionsFixture()
        let id = try await fixture.session()
        _ = try await fixture.manager.getSession(id)
        try await fixture.manager.recordToolCall(in: id)
        try await fixture.manager.recordToolCall(in: id)
        try await fixture.manager.recordError(in: id)
        let session = try await fixture.manager.getSession(id)
        #expect(session?.toolCalls == 2)
        #expect(session?.errors == 1)
        let statistics = try await fixture.manager.getStats()
        #expect(statistics.store.toolCalls == 2)
        #expect(statistics.store.errors == 1)
    }

    @Test func mergesStateAtTheTop() async throws {
        let fixture = SessionsFixture()
        let id = try await fixture.session()
        _ = try await fixture.manager.updateState(of: id, with: ["a": .integer(1), "b": .integer(2)])
        _ = try await fixture.manager.getSession(id)
        let session = try await fixture.manager.updateState(of: id, with: ["b": .string("x")])
        #expect(session?.state == ["a": .integer(1), "b": .string("x")])
        #expect(try await fixture.manager.getSession(id) == session)
    }

    @Test func nothingIsLeftOfADeletedSession() async throws {
        let fixture = SessionsFixture()
        let id = try await fixture.session(["Hello"])
        _ = try await fixture.manager.buildContext(id)
        #expect(try await fixture.manager.delete(id))
        #expect(try await fixture.manager.getSession(id) == nil)
        #expect(try await fixture.manager.buildContext(id) == nil)
        #expect(try await fixture.manager.getStats().cachedSessions == 0)
    }

    @Test func clearingCanBeTakenBackForADay() async throws {
        let fixture = SessionsFixture()
        let id = try await fixture.session(["Hello", "Hi"])
        let before = try await fixture.manager.buildContext(id)
        let cleared = try await fixture.manager.clearMessages(id)?.session
        #expect(cleared?.messageCount == 0)
        #expect(cleared?.totalTokens == 0)
        #expect(try await fixture.manager.buildContext(id)?.messages == [])
        fixture.time.advance(by: .seconds(86_399))
        try await fixture.manager.cleanup()
        let request = CommandRequest(
            conversation: .number(ConversationID(1)), event: nil, at: fixture.time.now)
        let outcome = try await fixture.manager.undo(request, confirmation: { _ in [] })
        #expect(outcome.session?.messageCount == 2)
        #expect(try await fixture.manager.buildContext(id) == before)
    }

    @Test func clearedMessagesAreDeletedAfterADay() async throws {
        let fixture = SessionsFixture()
        let id = try await fixture.session((1...1200).map { "\($0)" })
        _ = try await fixture.manager.clearMessages(id)
        _ = try await fixture.manager.addMessage(to: id, role: .user, content: "new")
        fixture.time.advance(by: .seconds(86_401))
        try await fixture.manager.cleanup()
        #expect(fixture.store.log(of: id).map(\.text) == ["new"])
    }

    @Test func cleansUpAtOnceAndThenOnceAnInterval() async throws {
        let fixture = SessionsFixture(settings: SessionSettings(cleanupInterval: .seconds(60)))
        let id = try await fixture.session(["Hello"])
        fixture.time.advance(by: .seconds(86_401))
        await withTaskGroup { group in
            group.addTask { await fixture.manager.run() }
            await fixture.time.waitForSleepers()
            #expect(fixture.time.nextWake == .seconds(60))
            // An error of one run does not end the runs.
            fixture.store.fail(with: .full)
            fixture.time.advance(by: .seconds(60))
            await fixture.time.waitForSleepers()
            fixture.store.fail(with: nil)
            fixture.time.advance(by: .seconds(60))
            await fixture.time.waitForSleepers()
            group.cancelAll()
        }
        #expect(try await fixture.manager.getSession(id)?.isActive == false)
    }

    @Test func handsOnTheErrorsOfTheStore() async throws {
        let fixture = SessionsFixture()
        let id = try await fixture.session(["Hello"])
        fixture.store.fail(with: .full)
        await #expect(throws: StoreError.full) { _ = try await fixture.manager.buildContext(SessionID(5)) }
        await #expect(throws: StoreError.full) {
            _ = try await fixture.manager.addMessage(to: id, role: .user, content: "x")
        }
        fixture.store.fail(with: nil)
        #expect(try await fixture.manager.getSession(id)?.messageCount == 1)
    }
}
