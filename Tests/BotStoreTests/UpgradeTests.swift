import BotCore
import BotTestSupport
import GRDB
import Testing

@testable import BotStore

/// Databases of every earlier version must open. When a version is released, its last migration is added to `released`.
@Suite(.timeLimit(.minutes(5)))
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
        ),
        (
            "v2_engine",
            """
            INSERT INTO conversation (key) VALUES ('telegram/42/1001');
            INSERT INTO session (conversationID, interfaceType, externalUserID, externalChatID, headSeq, messageCount,
                inputTokens, outputTokens, tokenLimit, createdAt, lastActiveAt, expiresAfter, liveCount, liveTokens)
            VALUES (4294967296, 'telegram', '7', '1001', 2, 2, 3, 5, 4000, 1, 90002, 3600000, 2, 8);
            INSERT INTO message (id, sessionID, seq, epoch, role, text, tokens, tokenizer, externalID, createdAt)
            VALUES (4294967297, 1, 1, 1, 'user', 'hello', 3, 'o200k_base', 'e1', 1),
                (4294967298, 1, 2, 1, 'assistant', 'hi', 5, 'o200k_base', NULL, 2);
            INSERT INTO outbox (origin, originID, chunk, platform, conversation, address, text, state)
            VALUES ('notice', 1, 0, 'telegram', 'telegram/42/1001', 'to:1001', 'notice', 'ready');
            INSERT INTO installation (id, code, notices) VALUES (1, 'abcdefgh', 1);
            """
        ),
        (
            "v4_models",
            """
            INSERT INTO conversation (key) VALUES ('telegram/42/1001');
            INSERT INTO session (conversationID, interfaceType, externalUserID, externalChatID, headSeq, messageCount,
                inputTokens, outputTokens, tokenLimit, createdAt, lastActiveAt, activeMinute, expiresAfter, liveCount,
                liveTokens)
            VALUES (4294967296, 'telegram', '7', '1001', 2, 2, 3, 5, 4000, 1, 90002, 1, 3600000, 2, 8);
            INSERT INTO message (id, sessionID, seq, epoch, turnID, role, text, tokens, tokenizer, externalID, createdAt)
            VALUES (4294967297, 1, 1, 1, NULL, 'user', 'hello', 3, 'o200k_base', 'e1', 1),
                (4294967298, 1, 2, 1, 1, 'assistant', 'hi', 5, 'o200k_base', NULL, 2);
            INSERT INTO turn (sessionID, epoch, userSeq, status, ending, attempt, startedAt, endedAt)
            VALUES (1, 1, 1, 'done', 'answered', 1, 1, 2);
            INSERT INTO outbox (origin, originID, chunk, platform, conversation, address, text, markup, state)
            VALUES ('notice', 1, 0, 'telegram', 'telegram/42/1001', 'to:1001', 'notice', '[]', 'ready');
            INSERT INTO installation (id, code, notices) VALUES (1, 'abcdefgh', 1);
            """
        ),
        (
            "v5_buttons",
            """
            INSERT INTO conversation (key) VALUES ('telegram/42/1001');
            INSERT INTO session (conversationID, interfaceType, externalUserID, externalChatID, headSeq, messageCount,
                inputTokens, outputTokens, tokenLimit, createdAt, lastActiveAt, activeMinute, expiresAfter, liveCount,
                liveTokens)
            VALUES (4294967296, 'telegram', '7', '1001', 2, 2, 3, 5, 4000, 1, 90002, 1, 3600000, 2, 8);
            INSERT INTO message (id, sessionID, seq, epoch, turnID, role, text, tokens, tokenizer, externalID, createdAt)
            VALUES (4294967297, 1, 1, 1, NULL, 'user', 'hello', 3, 'o200k_base', 'e1', 1),
                (4294967298, 1, 2, 1, 1, 'assistant', 'hi', 5, 'o200k_base', NULL, 2);
            INSERT INTO turn (sessionID, epoch, userSeq, status, ending, attempt, startedAt, endedAt, person)
            VALUES (1, 1, 1, 'done', 'answered', 1, 1, 2, '7');
            INSERT INTO outbox (origin, originID, chunk, platform, conversation, address, text, markup, state, extras)
            VALUES ('notice', 1, 0, 'telegram', 'telegram/42/1001', 'to:1001', 'notice', '[]', 'ready', NULL);
            INSERT INTO installation (id, code, notices) VALUES (1, 'abcdefgh', 1);
            """
        ),
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
            let ready = try await store.ready(on: .telegram, after: nil, limit: 10)
            #expect(ready.map(\.nonce) == ["abcdefgh-n1-0"])
            #expect(ready.map(\.payload?.text) == ["notice"])
            #expect(ready.allSatisfy { $0.payload?.buttons == [] })
            let statistics = try await store.statistics()
            #expect(statistics.totalMessages == 2)
            #expect(statistics.totalTokens == 8)
            #expect(store.mended.isEmpty)
            #expect(session.coverage == Coverage(seq: 0, liveMessages: 2, liveTokens: 8))
            let hits = try await store.search(for: ["hello"], in: session.id, range: 0..<9, limit: 9)
            #expect(hits.map(\.seq) == [1])
            #expect(try await store.audit(limit: 9) == [])
            let after = try await StoreSamples.turn("2", in: store)
            #expect(after.id == session.id)
            #expect(after.headSeq == 4)
            try store.close()
        }
    }

    @Test func keepsWhomAnEarlierVersionLetIn() async throws {
        try await TemporaryDirectory.with { directory in
            let path = directory.file("mybot.db")
            try OldDatabase.make(
                at: path, upTo: "v6_edits",
                rows: """
                    INSERT INTO accessGrant (entry, role, name, grantedBy, grantedAt)
                    VALUES ('telegram:7', 'owner', 'Ann', 'pairing', 5),
                        ('telegram:chat:-5', 'member', 'Us', 'telegram:7', 6);
                    INSERT INTO pairing (id, hash, expiresAt) VALUES (1, x'01020304', 99);
                    INSERT INTO pairingAttempt (person, tries) VALUES ('telegram:8', 2);
                    """)
            let store = try SQLiteStore.open(path: path)
            let grants = try await store.grants()
            #expect(grants.map(\.entry) == ["telegram:7", "telegram:chat:-5"])
            #expect(grants.map(\.role) == [.owner, .member])
            #expect(grants.map(\.grantedAt.rawValue) == [5, 6])
            let tried = try await store.redeem(
                hash: [9], person: "telegram:8", name: "Bo", in: StoreSamples.chat, tries: 3,
                at: Timestamp(rawValue: 9))
            #expect(tried == .wrong(triesLeft: 0))
            try store.close()
        }
    }

    /// What was to be sent when the older program ended is sent, as it was.
    @Test func keepsMessagesThatAnEarlierVersionStored() async throws {
        try await TemporaryDirectory.with { directory in
            let path = directory.file("mybot.db")
            try OldDatabase.make(
                at: path, upTo: "v4_models",
                rows: """
                    INSERT INTO outbox (origin, originID, chunk, platform, conversation, address, text, markup, state)
                    VALUES ('notice', 1, 0, 'telegram', 'telegram/42/1001', 'to:1001', 'bold', '[1]', 'ready');
                    """)
            let store = try SQLiteStore.open(path: path)
            let rows = try await store.ready(on: .telegram, after: nil, limit: 10)
            #expect(rows.map(\.payload) == [RenderedChunk(text: "bold", markup: "[1]")])
            try store.close()
        }
    }

    /// A chat that had been cleared, in part deleted, and that goes on; another whose reset can still be taken back.
    @Test func keepsWhatAnEarlierVersionCleared() async throws {
        try await TemporaryDirectory.with { directory in
            let path = directory.file("mybot.db")
            try OldDatabase.make(
                at: path, upTo: "v1_people",
                rows: """
                    INSERT INTO conversation (id) VALUES (1), (2);
                    INSERT INTO session (conversationID, interfaceType, externalUserID, externalChatID, epoch, headSeq,
                        floorSeq, messageCount, inputTokens, outputTokens, tokenLimit, createdAt, lastActiveAt,
                        expiresAfter)
                    VALUES (1, 'web', '7', '1', 2, 4, 3, 1, 4, 0, 4000, 1, 2, 3600000),
                        (2, 'web', '7', '2', 2, 2, 2, 0, 0, 0, 4000, 1, 2, 3600000);
                    INSERT INTO message (id, sessionID, seq, epoch, role, text, tokens, tokenizer, createdAt)
                    VALUES (4294967298, 1, 2, 1, 'user', 'otter two', 1, 't', 1),
                        (4294967299, 1, 3, 1, 'tool', 'otter three', 1, 't', 1),
                        (4294967300, 1, 4, 2, 'user', 'otter four', 4, 't', 1),
                        (8589934593, 2, 1, 1, 'user', 'otter one', 3, 't', 1),
                        (8589934594, 2, 2, 1, 'assistant', 'otter two', 5, 't', 1);
                    INSERT INTO sessionEvent (sessionID, kind, at, epoch, fromSeq, toSeq, messageCount, inputTokens,
                        outputTokens, outcome)
                    VALUES (1, 'reset', 5, 1, 0, 3, 3, 2, 1, 'deleting'),
                        (2, 'reset', \(StoreSamples.start.rawValue), 1, 0, 2, 2, 3, 5, NULL);
                    """)
            let store = try SQLiteStore.open(path: path)
            #expect(store.mended.isEmpty)
            #expect(try await store.audit(limit: 9) == [])
            let first = try #require(try await store.session(of: ConversationID(1)))
            #expect(first.coverage == Coverage(seq: 3, liveMessages: 1, liveTokens: 4))
            let hits = try await store.search(for: ["otter"], in: first.id, range: 0..<9, limit: 9)
            #expect(hits.map(\.seq) == [4])
            let second = try #require(try await store.session(of: ConversationID(2)))
            let undo = try await store.undo(
                StoreSamples.request(second, at: 60), within: .seconds(100), confirmation: { _ in [] })
            #expect(undo.session?.coverage == Coverage(seq: 0, liveMessages: 2, liveTokens: 8))
            #expect(try await StoreSamples.texts(of: second.id, in: store) == ["otter one", "otter two"])
            #expect(try await store.deleteCleared(before: StoreSamples.at(90), limit: 9) == 2)
            #expect(try await store.audit(limit: 9) == [])
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
