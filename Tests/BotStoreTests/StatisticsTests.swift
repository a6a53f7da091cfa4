import BotCore
import BotTestSupport
import GRDB
import Testing

@testable import BotStore

@Suite(.timeLimit(.minutes(5)))
struct StatisticsTests {
    @Test func areToldAlsoWhileNothingCanBeWritten() async throws {
        try await TemporaryDirectory.with { directory in
            let path = directory.file("mybot.db")
            let store = try SQLiteStore.open(path: path)
            _ = try await StoreSamples.exchanges(2, in: store)
            var unsafe = Configuration()
            unsafe.allowsUnsafeTransactions = true
            let other = try DatabaseQueue(path: path, configuration: unsafe)
            // Held by somebody else, the lock for writing is waited for five seconds, and then it is an error.
            try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
            let before = SystemTime().uptime
            let statistics = try await store.statistics()
            #expect(statistics.totalMessages == 4)
            #expect(SystemTime().uptime - before < .seconds(4))
            try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
            try other.close()
            try store.close()
        }
    }
}
