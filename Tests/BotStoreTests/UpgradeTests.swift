import BotCore
import BotTestSupport
import GRDB
import Testing

@testable import BotStore

/// Databases of every earlier version must open. When a version is released, its last migration is added to `released`.
@Suite(.timeLimit(.minutes(1)))
struct UpgradeTests {
    /// The last migration of each version that was released, with rows as that version wrote them.
    private static let released: [(migration: String, rows: String)] = [
        (
            "v1_people",
            """
            INSERT INTO conversation (key) VALUES ('telegram/42/1001');
            INSERT INTO session (conversationID, interfaceType, externalUserID, externalChatID, headSeq, messageCount,
                inputTokens, outputTokens, tokenLimit, createdAt, lastActiveAt, expiresAfter)
            VALUES (4294967296, 'telegram', '7', '1001', 2, 2, 3, 5, 4000, 1, 2, 3600000);
            INSERT INTO message (id, sessionID, seq, epoch, role, text, tokens, tokenizer, externalID, createdAt)
            VALUES (4294967297, 1, 1, 1, 'user', 'hello', 3, 'o200k_base', 'e1', 1),
                (4294967298, 1, 2, 1, 'assistant', 'hi', 5, 'o200k_base', NULL, 2);
            INSERT INTO outbox (origin, originID, chunk, platform, conversation, address, text, state)
            VALUES ('notice', 1, 0, 'telegram', 'telegram/42/1001', 'to:1001', 'notice', 'ready');
            INSERT INTO installation (id, code, notices) VALUES (1, 'abcdefgh', 1);
            """
        )
    ]

    @Test(arguments: released.indices)
    func opensDatabasesOfEarlierVersions(_ index: Int) async throws {
        let version = Self.released[index]
        try await TemporaryDirectory.with { directory in
            let path = directory.file("mybot.db")
            try OldDatabase.make(at: path, upTo: version.migration, rows: version.rows)
            let store = try SQLiteStore.open(path: path)
            let session = try #require(try await store.session(of: StoreSamples.chat))
            #expect(try await StoreSamples.texts(of: session.id, in: store) == ["hello", "hi"])
            #expect(try await store.ready(on: .telegram, after: nil, limit: 10).map(\.nonce) == ["abcdefgh-n1-0"])
            let statistics = try await store.statistics()
            #expect(statistics.totalMessages == 2)
            #expect(statistics.totalTokens == 8)
            let after = try await StoreSamples.turn("2", in: store)
            #expect(after.id == session.id)
            #expect(after.headSeq == 4)
            try store.close()
        }
    }

    @Test func everyMigrationIsNamedByItsVersion() {
        let names = OldDatabase.migrations
        #expect(Set(names).count == names.count)
        #expect(names.allSatisfy { $0.hasPrefix("v") && $0.contains("_") })
        let released = Self.released.map(\.migration)
        #expect(names.filter(released.contains) == released, "a released migration is never taken away")
    }

    @Test func everyTableIsStrict() async throws {
        try await TemporaryDirectory.with { directory in
            let store = try SQLiteStore.open(path: directory.file("mybot.db"))
            let loose = try await store.read { db in
                try db.rows(
                    """
                    SELECT name FROM pragma_table_list
                    WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'grdb_%'
                    """
                ).map { $0[0] as String }
            }
            #expect(loose.isEmpty)
            try store.close()
        }
    }
}
