import BotCore
import BotTestSupport
import Foundation
import GRDB
import Testing

@testable import BotStore

@Suite(.timeLimit(.minutes(5)))
struct WritingTests {
    private struct Refusal: Error {}

    private func withStore(_ body: (SQLiteStore) async throws -> Void) async throws {
        try await TemporaryDirectory.with { directory in
            let store = try SQLiteStore.open(path: directory.file("mybot.db"))
            try await body(store)
            try store.close()
        }
    }

    /// Holds the writer until all jobs are waiting behind it, so that they are one batch.
    ///
    /// The writer itself looks for them: to let it wait for a task that spins has hung once.
    private func inOneBatch<Value: Sendable>(
        _ count: Int, on store: SQLiteStore, _ job: @escaping @Sendable (Int) async -> Value
    ) async -> [Int: Value] {
        let isHeld = Gate(isOpen: false)
        return await withTaskGroup(of: (Int, Value)?.self) { group in
            group.addTask {
                // It fails only with the store, which the jobs behind it then show.
                try? await store.write { _ in
                    isHeld.set(open: true)
                    let giveUp = SystemTime().uptime + .seconds(60)
                    while store.writer.waitingCount < count, SystemTime().uptime < giveUp { sched_yield() }
                }
                return nil
            }
            // Its only error is that of being cancelled: then the jobs fail, and the writer gives up.
            try? await isHeld.wait()
            for number in 0..<count { group.addTask { (number, await job(number)) } }
            var results: [Int: Value] = [:]
            for await case (let number, let value)? in group { results[number] = value }
            return results
        }
    }

    @Test func aFailingJobTakesNoOtherWithIt() async throws {
        try await withStore { store in
            let before = store.writer.batchCount
            let results = await inOneBatch(64, on: store) { number -> StoreError? in
                do throws(StoreError) {
                    try await store.write { db in
                        try db.run("INSERT INTO cursor (name, value) VALUES (?, '')", ["\(number)"])
                        if number % 7 == 3 { throw Refusal() }
                    }
                    return nil
                } catch {
                    return error
                }
            }
            #expect(store.writer.batchCount == before + 2, "one for the gate, one for all that waited")
            for number in 0..<64 {
                let failed = number % 7 == 3
                #expect(results[number] == .some(failed ? .failed("unexpected Refusal") : nil))
                let stored = try await store.cursor(named: "\(number)")
                #expect((stored == nil) == failed)
            }
        }
    }

    /// What the jobs before a failing one did is taken back with it and done once more, not twice.
    @Test func whatIsDoneOnceMoreIsThereOnce() async throws {
        try await withStore { store in
            let session = try await StoreSamples.exchanges(0, in: store)
            let results = await inOneBatch(32, on: store) { number -> Int64? in
                if number == 20 {
                    // That it fails is all that it is for.
                    try? await store.write { _ in throw Refusal() }
                    return nil
                }
                // Where the append fails, its number is missing below.
                return try? await store.append(
                    StoreSamples.message("\(number)"), to: session.id, at: StoreSamples.at(number))?.message.seq
            }
            #expect(results.values.compactMap(\.self).sorted() == Array(1...31))
            let after = try #require(try await store.session(session.id))
            #expect(after.headSeq == 31)
            #expect(try await store.statistics().totalMessages == 31)
            #expect(try await store.search(for: ["7"], in: session.id, range: 1..<99, limit: 9).count == 1)
            #expect(try await store.audit(limit: 9) == [])
        }
    }

    @Test func aBatchThatCannotBeCommittedFailsForAllOfIt() async throws {
        try await withStore { store in
            let results = await inOneBatch(8, on: store) { number -> StoreError? in
                do throws(StoreError) {
                    try await store.write { db in
                        try db.run("INSERT INTO cursor (name, value) VALUES (?, '')", ["\(number)"])
                        // A deferred foreign key is looked at by the commit alone.
                        try db.run("PRAGMA defer_foreign_keys = 1")
                        if number == 5 {
                            try db.run(
                                """
                                INSERT INTO session (conversationID, interfaceType, externalUserID, externalChatID,
                                    tokenLimit, createdAt, lastActiveAt, expiresAfter)
                                VALUES (999, '', '', '', 0, 0, 0, 0)
                                """)
                        }
                    }
                    return nil
                } catch {
                    return error
                }
            }
            #expect(results.count == 8)
            for (_, error) in results { #expect(error == .failed("SQLite 787, FOREIGN KEY constraint failed")) }
            #expect(try await store.cursor(named: "1") == nil)
            try await store.probe()
        }
    }

    @Test func aFullDiskFailsTheWriteAndHeals() async throws {
        try await withStore { store in
            let before = try await StoreSamples.turn("1", in: store)
            try await store.write { db in
                let pages = try db.number("PRAGMA page_count")
                _ = try db.number("PRAGMA max_page_count = \(pages)")
            }
            let long = StoreSamples.message(String(repeating: "x", count: 200_000))
            await #expect(throws: StoreError.full) {
                try await store.append(long, to: before.id, at: StoreSamples.at(5))
            }
            // A batch in which one job fills the disk: every caller learns the truth of its own job.
            let outcomes = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        // Only whether it was stored is of interest here.
                        (try? await store.append(long, to: before.id, at: StoreSamples.at(6))) != nil
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(outcomes == 0)
            #expect(try await store.session(before.id) == before)
            try await store.write { db in _ = try db.number("PRAGMA max_page_count = 1000000") }
            let appended = try await store.append(long, to: before.id, at: StoreSamples.at(7))
            #expect(appended?.message.seq == before.headSeq + 1)
        }
    }

    @Test func aReadOnlyDatabaseFailsTheWrite() async throws {
        try await withStore { store in
            try await store.write { db in try db.run("PRAGMA query_only = 1") }
            await #expect(throws: StoreError.readOnly) { try await store.probe() }
            await #expect(throws: StoreError.readOnly) { try await store.setCursor(named: "a", to: "1") }
            #expect(try await store.cursor(named: "a") == nil)
        }
    }

    @Test func aClosedStoreIsOneWholeFile() async throws {
        try await TemporaryDirectory.with { directory in
            let path = directory.file("mybot.db")
            let store = try SQLiteStore.open(path: path)
            let session = try await StoreSamples.turn("1", in: store)
            try store.close()
            try FileManager.default.copyItem(atPath: path, toPath: directory.file("copy.db"))
            let copy = try SQLiteStore.open(path: directory.file("copy.db"))
            #expect(try await copy.session(session.id) == session)
            try copy.close()
        }
    }

    @Test func refusesWritesAfterClosing() async throws {
        try await TemporaryDirectory.with { directory in
            let store = try SQLiteStore.open(path: directory.file("mybot.db"))
            try store.close()
            await #expect(throws: StoreError.failed("the store is closed")) { try await store.probe() }
            await #expect(throws: StoreError.self) { try await store.grants() }
        }
    }

    @Test func a64WayCrowdIsAcknowledgedAfterTheCommit() async throws {
        try await TemporaryDirectory.with { directory in
            let path = directory.file("mybot.db")
            let store = try SQLiteStore.open(path: path)
            let sessions = try await withThrowingTaskGroup(of: Session.self) { group in
                for chat in 0..<64 {
                    let key = ConversationKey(platform: .telegram, account: "42", chat: "\(chat)")
                    group.addTask {
                        for number in 1..<5 {
                            _ = try await StoreSamples.turn("\(chat)-\(number)", in: store, chat: key)
                        }
                        return try await StoreSamples.turn("\(chat)-5", in: store, chat: key)
                    }
                }
                var sessions: [Session] = []
                for try await session in group { sessions.append(session) }
                return sessions
            }
            #expect(sessions.count == 64)
            try store.close()
            let again = try SQLiteStore.open(path: path)
            for session in sessions {
                #expect(try await again.session(session.id) == session)
                #expect(try await again.newestMessages(of: session.id, limit: 100).map(\.seq) == Array(1...10))
            }
            #expect(try await again.statistics().totalMessages == 640)
            try again.close()
        }
    }

    @Test func tellsTheTruthToACancelledCaller() async throws {
        try await withStore { store in
            let result = await withTaskGroup(of: Bool.self) { group in
                group.cancelAll()
                group.addTask {
                    // Whether it was stored is compared with what the store says below.
                    (try? await store.setCursor(named: "a", to: "1")) != nil
                }
                return await group.next() ?? false
            }
            let stored = try await store.cursor(named: "a")
            #expect((stored == "1") == result)
        }
    }

    @Test func errorsNeverShowValues() async throws {
        try await withStore { store in
            let secret = "4815162342"
            do throws(StoreError) {
                try await store.write { db in
                    try db.run("INSERT INTO accessGrant VALUES (?, ?, '', '', 0)", [secret, secret])
                }
                Issue.record("a role that does not exist was stored")
            } catch {
                #expect(!"\(error)".contains(secret))
            }
        }
    }

    @Test func keepsATextWithNULWhole() async throws {
        try await withStore { store in
            let session = try await store.getOrCreate(StoreSamples.session(), at: StoreSamples.start)
            let appended = try await store.append(
                StoreSamples.message("a\u{0}b"), to: session.id, at: StoreSamples.start)
            #expect(appended?.message.text == "a\u{FFFD}b")
            #expect(try await StoreSamples.texts(of: session.id, in: store) == ["a\u{FFFD}b"])
        }
    }
}
