import BotCore
import BotTestSupport
import Testing

@testable import BotSessions

@Suite(.timeLimit(.minutes(5)))
struct TranscriptTests {
    @Test("The newest messages are given that have room, with what each takes beside its text")
    func isBounded() async throws {
        let fixture = SessionsFixture()
        let id = try await fixture.session((1...1200).map { "number \($0 + 1000)" })
        let whole = try #require(try await fixture.manager.transcript(of: id, maxBytes: 1 << 20, overhead: 0))
        #expect(whole.messages.map(\.seq) == Array(1...1200) && whole.leftOut == 0)
        // 11 bytes each, and 9 beside them.
        let newest = try #require(try await fixture.manager.transcript(of: id, maxBytes: 2000, overhead: 9))
        #expect(newest.messages.map(\.seq) == Array(1101...1200) && newest.leftOut == 1100)
        let last = try #require(try await fixture.manager.transcript(of: id, maxBytes: 1, overhead: 9))
        #expect(last.messages.map(\.seq) == [1200])
        #expect(try await fixture.manager.transcript(of: SessionID(99), maxBytes: 1, overhead: 0) == nil)
    }
}
