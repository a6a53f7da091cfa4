import BotCore
import BotSessions
import BotTestSupport
import Logging
import Testing

/// Keeps what was logged.
private struct RecordingLogHandler: LogHandler {
    let events = Lock<[LogEvent]>([])
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { events.withLock { $0.append(event) } }
}

/// What people see with `grep session-manager` in the log.
@Suite(.timeLimit(.minutes(5)))
struct SessionLogTests {
    @Test func tellsTheStoryOfASessionWithoutItsTexts() async throws {
        let handler = RecordingLogHandler()
        let fixture = SessionsFixture(logger: Logger(label: "session-manager", factory: { _ in handler }))
        let id = try await fixture.session(["my secret", "fine"])
        _ = try await fixture.manager.getOrCreateSession(SessionsFixture.draft(.number(ConversationID(1))))
        _ = try await fixture.manager.clearMessages(id)
        let request = CommandRequest(conversation: .number(ConversationID(1)), event: nil, at: fixture.time.now)
        _ = try await fixture.manager.undo(request, confirmation: { _ in [] })
        fixture.time.advance(by: .seconds(90_000))
        try await fixture.manager.cleanup()
        _ = try await fixture.manager.addMessage(to: id, role: .user, content: "my secret")
        let all = handler.events.withLock { $0 }
        let entries = all.filter { $0.level >= .info }
        #expect(
            entries.map(\.message.description) == [
                "session created", "message added", "message added", "session reset", "reset undone",
                "session expired", "session woken", "message added",
            ])
        #expect(!all.contains { "\($0)".contains("secret") })
        let added = try #require(entries.last?.metadata)
        #expect(added["session.id"] == "\(id)")
        #expect(added["session.messages"] == "3")
        #expect(added["message.role"] == "user")
        #expect(added["message.tokens"] == "9")
    }
}
