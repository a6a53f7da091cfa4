import BotCore
import BotTestSupport
import Testing

@testable import BotSessions

/// `sessions.retentionDays`.
@Suite(.timeLimit(.minutes(5)))
struct RetentionTests {
    private static let day = Duration.seconds(86_400)

    /// A chat with two messages a day.
    private static func fixture(days: Int, keeping retention: Duration?) async throws -> (SessionsFixture, SessionID) {
        let fixture = SessionsFixture(settings: SessionSettings(retention: retention))
        var id = SessionID(0)
        for number in 1...days {
            id = try await fixture.session(["question \(number)", "answer \(number)"])
            fixture.time.advance(by: day)
        }
        return (fixture, id)
    }

    @Test func whatIsTooOldGoesAndTheRestStays() async throws {
        let (fixture, id) = try await Self.fixture(days: 5, keeping: .seconds(3 * 86_400))
        try await fixture.manager.cleanup()
        #expect(fixture.store.log(of: id).map(\.text).first == "question 3")
        let shown = try #require(try await fixture.manager.buildContext(id)).messages.map(\.content).joined()
        #expect(shown.contains("answer 3") && !shown.contains("question 2"))
        #expect(try await fixture.manager.getSession(id)?.messageCount == 6)
    }

    @Test func withoutTheSettingNothingGoes() async throws {
        let (fixture, id) = try await Self.fixture(days: 5, keeping: nil)
        fixture.time.advance(by: .seconds(3650 * 86_400))
        try await fixture.manager.cleanup()
        #expect(fixture.store.log(of: id).count == 10)
    }

    @Test("Of a summary only the lines stay that name nothing of what goes")
    func summaryForgetsToo() async throws {
        let (fixture, id) = try await Self.fixture(days: 5, keeping: .seconds(3 * 86_400))
        let session = try #require(try await fixture.store.session(id))
        let text = """
            PEOPLE & FACTS
            - old [#1]
            - both [#2] [#6]
            - long ago [#3-7]
            - nobody knows whence
            - new [#5] [#8]
            """
        let draft = CheckpointDraft(
            session: id, base: nil, fromSeq: 1, toSeq: 8, text: text, tokens: text.count, tokenizer: "characters",
            replacedTokens: 99, author: .digest, round: 0, pause: 2)
        _ = try await fixture.store.commit(draft, ifRevision: session.revision, at: fixture.time.now)
        try await fixture.manager.cleanup()
        let after = try #require(try await fixture.store.session(id))
        let left = try #require(try await fixture.manager.checkpoint(of: after))
        #expect(left.text == "PEOPLE & FACTS\n- new [#5] [#8]")
        #expect(after.coverage.seq == 8 && after.coverage.liveMessages == 2 && after.messageCount == 6)
        // When nothing of it may stay, its messages are shown again, for a new one.
        fixture.time.advance(by: Self.day + Self.day)
        try await fixture.manager.cleanup()
        let last = try #require(try await fixture.store.session(id))
        #expect(last.coverage.checkpoint == nil)
        #expect(last.coverage.liveMessages == last.messageCount && last.messageCount == 2)
    }
}
