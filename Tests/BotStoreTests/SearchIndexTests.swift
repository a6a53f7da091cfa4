import BotCore
import BotTestSupport
import GRDB
import Testing

@testable import BotStore

/// Messages are indexed together, and never found late.
@Suite(.timeLimit(.minutes(3)))
struct SearchIndexTests {
    private static func withSession(_ body: (SQLiteStore, SessionID) async throws -> Void) async throws {
        try await TemporaryDirectory.with { directory in
            let store = try SQLiteStore.open(path: directory.file("mybot.db"))
            let session = try await StoreSamples.exchanges(0, in: store)
            try await body(store, session.id)
            #expect(try await store.audit(limit: 9) == [])
            try store.close()
        }
    }

    private static func append(
        _ count: Int, _ text: String = "red", to session: SessionID, in store: SQLiteStore
    ) async throws {
        for _ in 0..<count {
            _ = try await store.append(StoreSamples.message(text), to: session, at: StoreSamples.start)
        }
    }

    private static func entries(_ store: SQLiteStore) async throws -> Int64 {
        try await store.read { db in try db.number("SELECT count(*) FROM messageIndex_docsize") }
    }

    private static func find(_ word: String, in session: SessionID, _ store: SQLiteStore) async throws -> [Int64] {
        try await store.search(for: [word], in: session, range: 1..<999, limit: 99).map(\.seq)
    }

    @Test func sixteenMessagesAreIndexedTogether() async throws {
        try await Self.withSession { store, session in
            try await Self.append(15, to: session, in: store)
            #expect(try await Self.entries(store) == 0)
            try await Self.append(1, to: session, in: store)
            #expect(try await Self.entries(store) == 16)
            try await Self.append(15, to: session, in: store)
            #expect(try await Self.entries(store) == 16)
            #expect(try await store.audit(limit: 9) == [])
        }
    }

    @Test func aLongMessageIsIndexedAtOnceWithThoseThatWait() async throws {
        try await Self.withSession { store, session in
            try await Self.append(2, to: session, in: store)
            let long = String(repeating: "blue", count: SearchIndex.longText / 4)
            try await Self.append(1, String(long.dropLast()), to: session, in: store)
            #expect(try await Self.entries(store) == 0)
            try await Self.append(1, long, to: session, in: store)
            #expect(try await Self.entries(store) == 4)
        }
    }

    @Test func aSearchIndexesWhatItNeedsAndOnlyThen() async throws {
        try await Self.withSession { store, session in
            try await Self.append(20, to: session, in: store)
            let batches = store.writer.batchCount
            let before = try await store.search(for: ["red"], in: session, range: 1..<17, limit: 99)
            #expect(before.count == 16)
            #expect(store.writer.batchCount == batches, "what is asked for is indexed")
            #expect(try await Self.find("red", in: session, store).count == 20)
            #expect(store.writer.batchCount == batches + 1)
            #expect(try await Self.find("red", in: session, store).count == 20)
            #expect(store.writer.batchCount == batches + 1)
            #expect(try await Self.entries(store) == 20)
        }
    }

    @Test func whatIsDeletedWhileItWaitsWasNeverThere() async throws {
        try await Self.withSession { store, session in
            try await Self.append(20, to: session, in: store)
            let request = CommandRequest(conversation: .number(ConversationID(1)), event: nil, at: StoreSamples.at(1))
            _ = try await store.reset(request, stopped: StoreSamples.stopped, confirmation: { _ in [] })
            #expect(try await store.deleteCleared(before: StoreSamples.at(2), limit: 18) == 18)
            #expect(try await Self.entries(store) == 0)
            #expect(try await store.audit(limit: 9) == [])
            try await Self.append(13, "green", to: session, in: store)
            #expect(try await Self.find("green", in: session, store).count == 13)
            #expect(try await Self.entries(store) == 15)
            #expect(try await store.deleteCleared(before: StoreSamples.at(2), limit: 99) == 2)
            #expect(try await Self.entries(store) == 13)
            try await store.scrub()
            #expect(try await Self.find("green", in: session, store).count == 13)
        }
    }

    @Test func forgettingAChatForgetsWhatWaits() async throws {
        try await Self.withSession { store, session in
            try await Self.append(20, to: session, in: store)
            let other = try await StoreSamples.exchanges(3, in: store, number: 2)
            #expect(try await store.erase(session))
            #expect(try await Self.find("red", in: session, store) == [])
            #expect(try await store.audit(limit: 9) == [])
            try await store.scrub()
            #expect(try await Self.entries(store) == 0)
            #expect(try await Self.find("q2", in: other.id, store) == [3])
        }
    }

    @Test func searchesBesideAppendsMissNothingThatWasThere() async throws {
        try await Self.withSession { store, session in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        for _ in 0..<25 {
                            let head = try await store.append(
                                StoreSamples.message("red"), to: session, at: StoreSamples.start
                            )?.session.headSeq
                            let found = try await store.search(for: ["red"], in: session, range: 1..<999, limit: 999)
                            #expect(found.count >= head ?? .max)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }
}
