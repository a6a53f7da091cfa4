import BotCore
import BotTestSupport
import GRDB
import GRDBSQLite
import StoreWorkload
import Testing

@testable import BotStore

/// Messages are indexed together, and never found late.
@Suite(.timeLimit(.minutes(5)))
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

    @Test func twentyMessagesAreIndexedTogether() async throws {
        try await Self.withSession { store, session in
            try await Self.append(19, to: session, in: store)
            #expect(try await Self.entries(store) == 0)
            try await Self.append(1, to: session, in: store)
            #expect(try await Self.entries(store) == 20)
            try await Self.append(19, to: session, in: store)
            #expect(try await Self.entries(store) == 20)
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
            try await Self.append(24, to: session, in: store)
            let batches = store.writer.batchCount
            let before = try await store.search(for: ["red"], in: session, range: 1..<21, limit: 99)
            #expect(before.count == 20)
            #expect(store.writer.batchCount == batches, "what is asked for is indexed")
            #expect(try await Self.find("red", in: session, store).count == 24)
            #expect(store.writer.batchCount == batches + 1)
            #expect(try await Self.find("red", in: session, store).count == 24)
            #expect(store.writer.batchCount == batches + 1)
            #expect(try await Self.entries(store) == 24)
        }
    }

    @Test func whatIsDeletedWhileItWaitsWasNeverThere() async throws {
        try await Self.withSession { store, session in
            try await Self.append(24, to: session, in: store)
            let request = CommandRequest(conversation: .number(ConversationID(1)), event: nil, at: StoreSamples.at(1))
            _ = try await store.reset(request, stopped: StoreSamples.stopped, confirmation: { _ in [] })
            #expect(try await store.deleteCleared(before: StoreSamples.at(2), limit: 22) == 22)
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
            try await Self.append(24, to: session, in: store)
            let other = try await StoreSamples.exchanges(3, in: store, number: 2)
            #expect(try await store.erase(session))
            #expect(try await Self.find("red", in: session, store) == [])
            #expect(try await store.audit(limit: 9) == [])
            try await store.scrub()
            #expect(try await Self.entries(store) == 0)
            #expect(try await Self.find("q2", in: other.id, store) == [3])
        }
    }

    @Test func anIndexThatCannotBeWrittenCostsNoMessage() async throws {
        try await TemporaryDirectory.with { directory in
            let store = try SQLiteStore.open(path: directory.file("mybot.db"))
            let session = try await StoreSamples.exchanges(0, in: store).id
            try await store.pool.write { db in try db.run("DROP TABLE messageIndex_data") }
            try await Self.append(50, to: session, in: store)
            #expect(try await store.session(session)?.headSeq == 50)
            await #expect(throws: StoreError.self) { _ = try await Self.find("red", in: session, store) }
            #expect(try await store.newestMessages(of: session, limit: 99).count == 50)
            try store.close()
        }
    }

    /// A word that SQLite took for two could not be searched for.
    @Test func eachWordOfAnyScriptIsOneWord() async throws {
        let letters = stride(from: 0x80 as UInt32, through: 0x1_FFFF, by: 241).compactMap(Unicode.Scalar.init)
            .filter {
                $0.properties.isAlphabetic || $0.properties.numericType != nil || $0.properties.isEmojiPresentation
            }
        #expect(letters.count > 150)
        try await Self.withSession { store, session in
            for letter in letters {
                try await Self.append(1, "a\(letter)b \(letter)", to: session, in: store)
            }
            for (index, letter) in letters.enumerated() {
                for term in SearchText.terms(of: "a\(letter)b \(letter)") {
                    let found = try await store.search(for: [term], in: session, range: 1..<99_999, limit: 99_999)
                    #expect(found.contains { $0.seq == index + 1 }, "\(term) of U+\(String(letter.value, radix: 16))")
                }
            }
        }
    }

    @Test func oneSessionsMarkIsNotTheBeginningOfAnothers() async throws {
        try await Self.withSession { store, first in
            var sessions = [first]
            for number in 2...12 as ClosedRange<Int64> {
                sessions.append(try await StoreSamples.exchanges(0, in: store, number: number).id)
            }
            // Beside the mark of session 1 these words are what those of session 12 are beside theirs.
            try await Self.append(16, "2xcat 12xcat x猫", to: first, in: store)
            try await Self.append(16, "cat 猫", to: try #require(sessions.last), in: store)
            #expect(try await Self.find("cat", in: first, store) == [])
            #expect(try await Self.find("2xcat", in: first, store).count == 16)
            #expect(try await Self.find("cat", in: sessions[11], store).count == 16)
            #expect(try await Self.find("猫", in: sessions[11], store).count == 16)
            let index = try await store.read { db in
                try db.number("SELECT count(*) FROM messageIndex WHERE messageIndex MATCH '\"12xcat\"'")
            }
            #expect(index == 16, "no other session's words are read")
        }
    }

    /// The pages that each transaction of the writer has written.
    private static func watchWrites(of store: SQLiteStore) async throws -> Lock<[Int32]> {
        let written = Lock<[Int32]>([])
        try await store.pool.writeWithoutTransaction { db in
            let connection = UInt(bitPattern: db.sqliteConnection)
            @Sendable func sinceLast() -> Int32 {
                var (count, highest): (Int32, Int32) = (0, 0)
                sqlite3_db_status(
                    OpaquePointer(bitPattern: connection), SQLITE_DBSTATUS_CACHE_WRITE, &count, &highest, 1)
                return count
            }
            _ = sinceLast()
            db.trace(options: .statement) { event in
                guard event.description.hasPrefix("BEGIN IMMEDIATE") else { return }
                written.withLock { $0.append(sinceLast()) }
            }
        }
        return written
    }

    /// A merge is told how much to write, and of erased words it writes nothing, so that one step went through all of them.
    @Test(arguments: [false, true])
    func noTransactionIsLargeWhenNearlyAllOfTheIndexIsErased(byAReset isReset: Bool) async throws {
        try await Self.withSession { store, session in
            var random = SeededRandom(seed: 5)
            let words = (0..<9000).map { _ in String(random.next(), radix: 36) }
            for _ in 0..<320 {
                let text = (0..<1300).map { _ in words[Int.random(in: 0..<9000, using: &random)] }
                try await Self.append(1, text.joined(separator: " "), to: session, in: store)
            }
            let other = try await StoreSamples.exchanges(3, in: store, number: 2)
            let written = try await Self.watchWrites(of: store)
            if isReset {
                let request = CommandRequest(
                    conversation: .number(ConversationID(1)), event: nil, at: StoreSamples.at(1))
                _ = try await store.reset(request, stopped: StoreSamples.stopped, confirmation: { _ in [] })
                #expect(try await store.deleteCleared(before: StoreSamples.at(2), limit: 1000) == 320)
            } else {
                #expect(try await store.erase(session))
            }
            try await store.scrub()
            try await store.probe()
            let largest = written.withLock { $0.max() ?? 0 }
            #expect(Int(largest) * SQLiteStore.pageSize < 2 << 20)
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
