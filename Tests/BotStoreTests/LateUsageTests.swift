import BotCore
import BotTestSupport
import Testing

@testable import BotStore

@Suite(.timeLimit(.minutes(5)))
struct LateUsageTests {
    @Test func aTurnThatEndsAfterItsChatWasErasedLeavesNoPerson() async throws {
        try await TemporaryDirectory.with { directory in
            let store = try SQLiteStore.open(path: directory.file("mybot.db"))
            let turn = try await StoreSamples.begin("1", in: store)
            let request = CommandRequest(conversation: .key(StoreSamples.chat), event: nil, at: StoreSamples.at(2))
            _ = try await store.forget(request, stopped: StoreSamples.stopped) { _ in [] }
            let result = TurnResult(
                ending: .answered, message: nil, chunks: [],
                usage: TokenUsage(promptTokens: 100, completionTokens: 5), model: "test/model", person: "7")
            #expect(try await store.commit(turn.id, result, at: StoreSamples.at(3)) == .superseded)
            let rows = try await store.read { db in
                try db.number("SELECT count(*) FROM usage WHERE sessionID IS NULL AND person IS NULL")
            }
            #expect(rows == 1)
            #expect(try await store.read { db in try db.number("SELECT count(*) FROM usage") } == 1)
            try store.close()
        }
    }
}
