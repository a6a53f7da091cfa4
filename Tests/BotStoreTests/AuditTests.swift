import BotCore
import BotTestSupport
import GRDB
import Testing

@testable import BotStore

/// What is derived is verified, and made anew where it does not agree with the log.
@Suite(.timeLimit(.minutes(5)))
struct AuditTests {
    private static let damages: [(kind: AuditFinding.Kind, sql: String)] = [
        (.counters, "UPDATE session SET messageCount = messageCount + 1 WHERE id = 1"),
        (.counters, "UPDATE session SET inputTokens = 0 WHERE id = 1"),
        (.counters, "UPDATE session SET outputTokens = outputTokens + 3 WHERE id = 1"),
        (.counters, "UPDATE session SET liveCount = 0 WHERE id = 1"),
        (.counters, "UPDATE session SET liveTokens = 1 WHERE id = 1"),
        (.counters, "UPDATE session SET activeMinute = activeMinute + 1 WHERE id = 1"),
        (.counters, "DELETE FROM hidden"),
        (.totals, "UPDATE counter SET messages = messages + 1"),
        (.totals, "UPDATE counter SET sessions = 0, activeSessions = 0"),
        (.totals, "DELETE FROM counter"),
        (.totals, "INSERT INTO counter (interfaceType, errors) VALUES ('nobody', 2)"),
        (.searchIndex, "INSERT INTO messageIndex (messageIndex, rowid, norm) VALUES ('delete', 4294967297, 'q1')"),
        (.searchIndex, "INSERT INTO messageIndex (rowid, norm) VALUES (4294968000, 'x')"),
        (.searchIndex, "INSERT INTO messageIndex (rowid, norm) VALUES (429496729700, 'x')"),
        (.searchIndex, "UPDATE session SET indexedSeq = indexedSeq - 1 WHERE id = 1"),
        (.searchIndex, "UPDATE session SET indexedSeq = headSeq WHERE id = 2"),
        (.searchIndex, "UPDATE session SET indexedSeq = headSeq + 1 WHERE id = 1"),
        (.searchIndex, "INSERT INTO messageIndex (rowid, norm) VALUES (8589934593, 'q1')"),
        (.checkpoint, "DELETE FROM checkpoint WHERE id = 1"),
        (.checkpoint, "DELETE FROM checkpoint WHERE id = 2"),
        (.checkpoint, "UPDATE session SET checkpointID = 1 WHERE id = 1"),
        (.checkpoint, "UPDATE session SET checkpointID = NULL WHERE id = 1"),
        (.checkpoint, "UPDATE session SET summaryTokens = 3 WHERE id = 1"),
        (.checkpoint, "UPDATE checkpoint SET baseID = 2 WHERE id = 2"),
        (.checkpoint, "UPDATE checkpoint SET sessionID = 2 WHERE id = 2"),
    ]

    private static func withStore(_ body: (SQLiteStore, String) async throws -> Void) async throws {
        try await TemporaryDirectory.with { directory in
            let path = directory.file("mybot.db")
            let store = try SQLiteStore.open(path: path)
            var session = try await StoreSamples.exchanges(6, in: store)
            _ = try await StoreSamples.exchanges(2, in: store, number: 2)
            for seq in [4, 6] as [Int64] {
                session = try await StoreSamples.summarize(session, through: seq, in: store).session
            }
            _ = try await store.undo(StoreSamples.request(session), within: .seconds(1), confirmation: { _ in [] })
            // The first session is all indexed, and the second waits.
            _ = try await store.search(for: ["q1"], in: session.id, range: 0..<99, limit: 9)
            try await body(store, path)
        }
    }

    @Test(arguments: damages.indices)
    func findsAndMendsDamage(_ index: Int) async throws {
        let damage = Self.damages[index]
        try await Self.withStore { store, _ in
            let before = try await store.session(SessionID(1))
            let statistics = try await store.statistics()
            #expect(try await store.audit(limit: 99) == [])
            try await store.write { db in try db.run(damage.sql) }
            let findings = try await store.audit(limit: 99)
            #expect(findings.contains { $0.kind == damage.kind }, "\(findings)")
            #expect(try await store.audit(limit: 1).count == 1)
            try await store.rebuild()
            #expect(try await store.audit(limit: 99) == [])
            if damage.kind != .checkpoint, damage.sql != "DELETE FROM hidden" {
                var after = try #require(try await store.session(SessionID(1)))
                after.revision = before?.revision ?? 0
                #expect(after == before)
                #expect(try await store.statistics() == statistics)
            }
            try store.close()
        }
    }

    @Test func totalsAreThoseOfWhatWasCommitted() async throws {
        struct Failed: Error {}
        try await Self.withStore { store, path in
            let before = try await store.statistics()
            try await withThrowingTaskGroup(of: Void.self) { group in
                // Several wait for one transaction, in which every second fails.
                for number in 0..<20 {
                    group.addTask {
                        // Those that fail say so; what they leave is looked at below.
                        try? await store.write { db in
                            try db.run("UPDATE session SET errors = errors + 1 WHERE id = 1")
                            if number.isMultiple(of: 2) { throw Failed() }
                        }
                    }
                }
                try await group.waitForAll()
            }
            var expected = before
            expected.errors += 10
            #expect(try await store.statistics() == expected)
            try store.close()
            let again = try SQLiteStore.open(path: path)
            #expect(try await again.statistics() == expected)
            try again.close()
        }
    }

    @Test func findsMissingMessagesAndLeavesThemToPeople() async throws {
        try await Self.withStore { store, _ in
            try await store.write { db in
                try db.run(
                    "INSERT INTO messageIndex (messageIndex, rowid, norm) VALUES ('delete', ?, 'q2')",
                    [
                        MessageRecord.id(SessionID(1), 3)
                    ])
                try db.run("DELETE FROM message WHERE id = ?", [MessageRecord.id(SessionID(1), 3)])
            }
            #expect(try await store.audit(limit: 9).map(\.kind).contains(.numbering))
            try await store.rebuild()
            #expect(try await store.audit(limit: 9).map(\.kind) == [.numbering])
            try store.close()
        }
    }

    @Test func mendsWhatDoesNotAgreeWhenItOpens() async throws {
        try await Self.withStore { store, path in
            let before = try await store.session(SessionID(1))
            try await store.write { db in
                try db.run("UPDATE session SET messageCount = 99 WHERE id = 1")
                try db.run("INSERT INTO messageIndex (messageIndex) VALUES ('delete-all')")
            }
            try store.close()
            let again = try SQLiteStore.open(path: path)
            #expect(Set(again.mended.map(\.kind)) == [.counters, .searchIndex])
            #expect(try await again.session(SessionID(1))?.messageCount == before?.messageCount)
            let hits = try await again.search(for: ["q1"], in: SessionID(1), range: 0..<99, limit: 9)
            #expect(hits.map(\.seq) == [1])
            try again.close()
            let third = try SQLiteStore.open(path: path)
            #expect(third.mended.isEmpty)
            try third.close()
        }
    }

    @Test func makesTheIndexAnewForAnotherVersionOfItsText() async throws {
        try await Self.withStore { store, path in
            try await store.write { db in
                try db.run("INSERT INTO messageIndex (messageIndex) VALUES ('delete-all')")
                for seq in 1...9 as ClosedRange<Int64> {
                    try db.run(
                        "INSERT INTO messageIndex (rowid, norm) VALUES (?, 'old')",
                        [MessageRecord.id(SessionID(1), seq)])
                }
                try db.run("UPDATE searchIndex SET version = version - 1")
            }
            try store.close()
            let again = try SQLiteStore.open(path: path)
            #expect(again.mended.isEmpty)
            func found(_ term: String) async throws -> [Int64] {
                try await again.search(for: [term], in: SessionID(1), range: 0..<99, limit: 9).map(\.seq)
            }
            #expect(try await found("old").isEmpty)
            #expect(try await found("a2") == [4])
            #expect(try await again.audit(limit: 9) == [])
            try again.close()
        }
    }

    /// The rebuilding is one transaction: a crash in its middle leaves the old index with the old version.
    @Test func aCrashWhileTheIndexIsMadeLeavesTheOldOne() async throws {
        struct Killed: Error {}
        try await Self.withStore { store, _ in
            try await store.write { db in try db.run("UPDATE searchIndex SET version = 0") }
            await #expect(throws: StoreError.self) {
                try await store.write { db in
                    try SearchIndex.rebuild(db)
                    throw Killed()
                }
            }
            #expect(try await store.read { db in try db.number("SELECT version FROM searchIndex") } == 0)
            let hits = try await store.search(for: ["q1"], in: SessionID(1), range: 0..<99, limit: 9)
            #expect(hits.map(\.seq) == [1])
            try store.close()
        }
    }
}
