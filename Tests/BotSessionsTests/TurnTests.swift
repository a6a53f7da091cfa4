import BotCore
import BotSessions
import BotTestSupport
import Testing

/// Turns through the session manager.
@Suite(.timeLimit(.minutes(5)))
struct TurnTests {
    private func begin(
        _ fixture: SessionsFixture, _ text: String, _ number: Int, attempts: Int = 3
    ) async throws -> Turn {
        let start = try await fixture.beginTurn(text, number: number, attempts: attempts).start
        guard case .started(let turn) = start else { throw StoreError.failed("not started: \(start)") }
        return turn
    }

    private func commit(
        _ turn: Turn, _ text: String?, in fixture: SessionsFixture
    ) async throws -> TurnCommit {
        try await fixture.manager.commitTurn(
            turn.id, ending: text == nil ? .failed : .answered, text: text, model: "openai/m",
            usage: TokenUsage(promptTokens: 3, completionTokens: 2), chunks: [RenderedChunk(text: text ?? "sorry")])
    }

    @Test func aTurnAppendsQuestionAndAnswer() async throws {
        let fixture = SessionsFixture()
        let turn = try await begin(fixture, "Hello", 1)
        #expect(turn.message.tokens == 5)
        #expect(turn.message.tokenizer == "characters")
        #expect(turn.session.headSeq == 1)
        guard case .committed(let session, let answer, let rows) = try await commit(turn, "Hi!", in: fixture) else {
            Issue.record("not committed")
            return
        }
        #expect(session.messageCount == 2)
        #expect(session.outputTokens == 3)
        #expect(answer?.model == "openai/m")
        #expect(rows.map(\.payload?.text) == ["Hi!"])
        #expect(rows.first?.id == turn.reply.id)
        #expect(try await fixture.manager.buildContext(session.id)?.messages.map(\.content) == ["Hello", "Hi!"])
        #expect(try await fixture.manager.getSession(session.id) == session)
    }

    @Test(arguments: [nil, ""])
    func aFailedTurnAddsNothing(text: String?) async throws {
        let fixture = SessionsFixture()
        let turn = try await begin(fixture, "Hello", 1)
        guard case .committed(let session, let answer, _) = try await commit(turn, text, in: fixture) else {
            Issue.record("not committed")
            return
        }
        #expect(answer == nil)
        #expect(session.messageCount == 1)
    }

    @Test func aTurnThatACrashCutOffBeginsAgainWithOneMessage() async throws {
        let fixture = SessionsFixture()
        let first = try await begin(fixture, "Hello", 1)
        let restarted = SessionsFixture(store: fixture.store, time: fixture.time)
        let second = try await begin(restarted, "Hello", 1)
        #expect(second.id == first.id)
        #expect(second.attempt == 2)
        #expect(second.message == first.message)
        #expect(second.reply.id == first.reply.id)
        #expect(try await restarted.manager.buildContext(second.session.id)?.messages.count == 1)
    }

    @Test func aTurnThatWasBegunTooOftenIsSetAside() async throws {
        let fixture = SessionsFixture()
        _ = try await begin(fixture, "Hello", 1, attempts: 2)
        _ = try await begin(fixture, "Hello", 1, attempts: 2)
        guard case .setAside(let rows) = try await fixture.beginTurn("Hello", number: 1, attempts: 2).start else {
            Issue.record("not set aside")
            return
        }
        #expect(rows.map(\.payload?.text) == ["sorry"])
        #expect(try await fixture.beginTurn("Hello", number: 1).start == .gone)
    }

    @Test func parkingDoesNotCountAsAnAttempt() async throws {
        let fixture = SessionsFixture()
        let turn = try await begin(fixture, "Hello", 1, attempts: 1)
        try await fixture.manager.parkTurn(turn.id)
        #expect(try await begin(fixture, "Hello", 1, attempts: 1).attempt == 1)
    }

    @Test func aResetSupersedesTheRunningTurn() async throws {
        let fixture = SessionsFixture()
        let turn = try await begin(fixture, "Hello", 1)
        let id = turn.session.id
        _ = try await fixture.manager.buildContext(id)
        let request = CommandRequest(conversation: .key(SessionsFixture.key), event: nil, at: fixture.time.now)
        let outcome = try await fixture.manager.reset(
            request, stopped: RenderedChunk(text: "stopped"), confirmation: { _ in [] })
        #expect(outcome.stoppedTurns == [turn.id])
        #expect(outcome.summary.clearedMessages == 1)
        #expect(try await fixture.manager.buildContext(id)?.messages == [])
        #expect(try await commit(turn, "Too late", in: fixture) == .superseded)
        #expect(try await fixture.manager.buildContext(id)?.messages == [])
        #expect(fixture.store.usage(of: turn.id)?.promptTokens == 3)
        let next = try await begin(fixture, "Fresh", 2)
        #expect(try await fixture.manager.buildContext(next.session.id)?.messages.map(\.content) == ["Fresh"])
    }

    @Test func undoTakesBackWhatCameSinceAResetAndThenTheReset() async throws {
        let fixture = SessionsFixture()
        _ = try await commit(try await begin(fixture, "Hello", 1), "Hi", in: fixture)
        let request = CommandRequest(conversation: .key(SessionsFixture.key), event: nil, at: fixture.time.now)
        _ = try await fixture.manager.reset(
            request, stopped: RenderedChunk(text: ""), confirmation: { _ in [] })
        let turn = try await begin(fixture, "Fresh", 2)
        _ = try await commit(turn, "New", in: fixture)
        _ = try await fixture.manager.buildContext(turn.session.id)
        _ = try await fixture.manager.undo(request, confirmation: { _ in [] })
        #expect(try await fixture.manager.buildContext(turn.session.id)?.messages == [])
        _ = try await fixture.manager.undo(request, confirmation: { _ in [] })
        let context = try await fixture.manager.buildContext(turn.session.id)
        #expect(context?.messages.map(\.content) == ["Hello", "Hi"])
    }
}
