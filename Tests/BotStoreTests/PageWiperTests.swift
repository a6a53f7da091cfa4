import BotCore
import BotTestSupport
import CFaultyVFS
import Foundation
import GRDB
import GRDBSQLite
import StoreWorkload
import Testing

@testable import BotStore

/// The unused parts of pages, in which SQLite leaves copies of what it moved.
@Suite(.timeLimit(.minutes(5)))
struct PageWiperTests {
    private static func chat(_ number: Int) -> ConversationKey {
        ConversationKey(platform: .telegram, account: "42", chat: "\(number)")
    }

    private static func word(_ chat: Int, _ number: Int) -> String { "c\(chat)zqx\(number)zqx" }

    /// Chats that talk all at once: rows of all lengths grow and shrink in any order, so that pages are split and joined.
    private static func talk(_ turns: Int, chats: Range<Int>, seed: UInt64 = 1, in store: SQLiteStore) async throws {
        var random = SeededRandom(seed: seed)
        for number in 0..<turns {
            var open: [(id: TurnID, text: String)] = []
            for chat in chats.shuffled(using: &random) {
                let length = random.next().isMultiple(of: 8) ? 90 : 9
                let words = (0..<Int.random(in: 0..<length, using: &random)).map { "w\($0)" }
                let text = ([Self.word(chat, number)] + words).joined(separator: " ")
                let event = StoreSamples.event("\(seed)/\(chat)/\(number)", in: Self.chat(chat), text: text)
                let entries = try await store.accept([event], cursor: nil)
                open.append((try await StoreSamples.begin(entries, in: store, text: text, at: number).id, text))
            }
            for turn in open.shuffled(using: &random) {
                let commit = try await store.commit(
                    turn.id, StoreSamples.result("re \(turn.text)"), at: StoreSamples.at(number))
                guard case .committed(_, _, let rows) = commit else { throw StoreError.failed("superseded") }
                if random.next().isMultiple(of: 2) { continue }
                for row in rows { try await store.delivered(row.id, as: "m", at: StoreSamples.at(number)) }
            }
        }
    }

    private static func forget(_ chats: some Sequence<Int>, in store: SQLiteStore) async throws {
        for chat in chats {
            let request = CommandRequest(
                conversation: .key(Self.chat(chat)), event: nil, at: StoreSamples.at(5000))
            _ = try await store.forget(request, stopped: StoreSamples.stopped, confirmation: { _ in [] })
        }
    }

    /// Those of the chats of which there are words in the files.
    private static func traces(_ path: String, of chats: Range<Int>) -> [Int] {
        let files = ["", "-wal"].map { FileManager.default.contents(atPath: path + $0) ?? Data() }
        return chats.filter { chat in files.contains { $0.range(of: Data("c\(chat)zqx".utf8)) != nil } }
    }

    /// All rows, as texts.
    private static func rows(_ store: SQLiteStore) async throws -> [String] {
        try await store.read { db in
            let tables = try String.fetchAll(
                db, sql: "SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 ORDER BY name")
            return try tables.filter { !$0.hasPrefix("messageIndex") && $0 != "erasure" && $0 != "searchIndex" }
                .flatMap { table in
                    try Row.fetchAll(db, sql: "SELECT * FROM \(table)").map { "\(table) \($0)" }
                }
        }
    }

    private static func integrity(_ store: SQLiteStore) async throws -> String? {
        try await store.read { db in try String.fetchOne(db, sql: "PRAGMA integrity_check") }
    }

    @Test func noWordIsLeftInUnusedPartsOfPages() async throws {
        try await TemporaryDirectory.with { directory in
            let path = directory.file("mybot.db")
            let store = try SQLiteStore.open(path: path)
            try await Self.talk(30, chats: 0..<60, in: store)
            #expect(Self.traces(path, of: 0..<60).count == 60, "the test can find what is there")
            for round in 1...4 {
                let erased = 0..<(round * 12)
                try await Self.forget(erased.suffix(12), in: store)
                try await store.scrub()
                #expect(Self.traces(path, of: erased) == [], "round \(round)")
                // What stays goes on, and pages that were read before the wiping are written again.
                try await Self.talk(10, chats: 48..<60, seed: UInt64(round), in: store)
                try await store.emptyWriteAheadLog()
                #expect(Self.traces(path, of: erased) == [], "round \(round), later")
            }
            #expect(try await Self.integrity(store) == "ok")
            #expect(try await store.audit(limit: 9) == [])
            #expect(Self.traces(path, of: 48..<60).count == 12)
            try store.close()
            #expect(Self.traces(path, of: 0..<48) == [])
        }
    }

    /// Opens a store whose disk fails as it is told, with chats of which the first three are erased.
    private static func withErasedChats(
        _ body: (String, SQLiteStore, Int32) async throws -> Void
    ) async throws {
        try await TemporaryDirectory.with { directory in
            try #require(faulty_vfs_register() == 0)
            let watch = faulty_vfs_watch(directory.path)
            try #require(watch >= 0)
            defer { faulty_vfs_unwatch(watch) }
            let path = directory.file("mybot.db")
            let store = try SQLiteStore.open(path: path)
            try await Self.talk(12, chats: 0..<12, in: store)
            try await Self.forget(0..<3, in: store)
            while try await store.eraseStep() {}
            try await body(path, store, watch)
        }
    }

    /// The writer keeps pages in memory, and writes each as a whole.
    @Test func pagesThatTheWriterHoldsBringNothingBack() async throws {
        try await TemporaryDirectory.with { directory in
            let path = directory.file("mybot.db")
            let store = try SQLiteStore.open(path: path)
            try await Self.talk(3, chats: 0..<12, in: store)
            try await store.withEmptyLog { db in
                let (file, size) = (try DatabaseBytes(db), Int(try db.number("PRAGMA page_size")))
                var page = [UInt8](repeating: 0, count: size)
                for number in 1..<Int(try db.number("PRAGMA page_count")) {
                    try page.withUnsafeMutableBytes { try file.read($0, at: number * size) }
                    guard let gap = page.withUnsafeBytes({ TreePage.gap($0) }), gap.count >= 8 else { continue }
                    try Array("c99zqx".utf8).withUnsafeBytes { try file.write($0, at: number * size + gap.lowerBound) }
                }
                sqlite3_db_release_memory(db.sqliteConnection)
            }
            let tables = ["session", "turn", "inbox", "outbox", "message"]
            try await store.write { db in
                for table in tables { _ = try db.rows("SELECT * FROM \(table)") }
                try Erasure.noteToWipe(db)
            }
            #expect(Self.traces(path, of: 99..<100) == [99], "the test can find what is there")
            try await store.scrub()
            #expect(Self.traces(path, of: 99..<100) == [])
            try await store.write { db in
                try db.run("UPDATE session SET toolCalls = toolCalls + 1")
                try db.run("UPDATE turn SET attempt = attempt + 1")
                try db.run("UPDATE inbox SET receivedAt = receivedAt + 1")
                try db.run("UPDATE outbox SET attempts = attempts + 1")
                try db.run("UPDATE message SET epoch = epoch + 1")
            }
            try await store.emptyWriteAheadLog()
            #expect(Self.traces(path, of: 99..<100) == [])
            #expect(try await Self.integrity(store) == "ok")
            try store.close()
        }
    }

    @Test func wipingChangesNoRow() async throws {
        try await Self.withErasedChats { _, store, _ in
            let before = try await Self.rows(store)
            try await store.scrub()
            #expect(try await Self.rows(store) == before)
            #expect(try await Self.integrity(store) == "ok")
            try store.close()
        }
    }

    @Test func aCleanFileIsNotReadAgain() async throws {
        try await Self.withErasedChats { _, store, watch in
            try await store.scrub()
            let before = faulty_vfs_calls(watch, UInt32(FAULTY_READ | FAULTY_WRITE))
            try await store.scrub()
            #expect(faulty_vfs_calls(watch, UInt32(FAULTY_READ | FAULTY_WRITE)) - before < 20)
            try store.close()
        }
    }

    /// A full disk, a bad sector, a write of which only half is done: nothing is damaged, and the next scrub ends it.
    @Test(
        arguments: [
            (FAULTY_WRITE, .SQLITE_FULL, true), (FAULTY_WRITE, .SQLITE_IOERR_WRITE, false),
            (FAULTY_READ, .SQLITE_IOERR_READ, false), (FAULTY_SYNC, .SQLITE_IOERR_FSYNC, false),
            (FAULTY_TRUNCATE, .SQLITE_IOERR_TRUNCATE, false), (FAULTY_LOCK, .SQLITE_BUSY, false),
        ] as [(Int, ResultCode, Bool)])
    func aDiskThatFailsOnlyDelaysIt(calls: Int, code: ResultCode, isTorn: Bool) async throws {
        try await Self.withErasedChats { path, store, watch in
            var store = store
            let before = try await Self.rows(store)
            var failures = 0
            for after in 0..<40 {
                let plan = faulty_plan(
                    calls: UInt32(calls), after: Int64(after), times: 2, code: code.rawValue, tears: isTorn,
                    kills: false)
                faulty_vfs_plan(watch, plan)
                let failed = faulty_vfs_failures(watch)
                do throws(StoreError) {
                    try await store.scrub()
                } catch {
                    if case .damaged = error { Issue.record("after \(after): \(error)") }
                    failures += 1
                }
                faulty_vfs_plan(watch, faulty_plan())
                if faulty_vfs_failures(watch) == failed { break }
                // It is known after a restart too that something is left.
                if after.isMultiple(of: 4) {
                    try store.close()
                    store = try SQLiteStore.open(path: path)
                }
            }
            #expect(failures > 0 || code == .SQLITE_BUSY)
            try await store.scrub()
            #expect(Self.traces(path, of: 0..<3) == [])
            #expect(try await Self.rows(store) == before)
            #expect(try await Self.integrity(store) == "ok")
            #expect(try await store.audit(limit: 9) == [])
            try store.close()
        }
    }

    @Test func othersReadAndWriteMeanwhile() async throws {
        try await TemporaryDirectory.with { directory in
            let path = directory.file("mybot.db")
            let store = try SQLiteStore.open(path: path)
            try await Self.talk(10, chats: 0..<30, in: store)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for lane in 0..<3 {
                    let chats = (30 + 4 * lane)..<(34 + 4 * lane)
                    group.addTask { try await Self.talk(25, chats: chats, seed: UInt64(lane), in: store) }
                }
                group.addTask {
                    for _ in 0..<20 {
                        let findings = try await store.audit(limit: 9)
                        #expect(findings == [])
                    }
                }
                for chat in 0..<20 {
                    try await Self.forget([chat], in: store)
                    try await store.scrub()
                }
                try await group.waitForAll()
            }
            #expect(try await Self.integrity(store) == "ok")
            #expect(try await store.audit(limit: 9) == [])
            let messages = try await store.read { db in try db.number("SELECT count(*) FROM message") }
            #expect(messages == 10 * 10 * 2 + 12 * 25 * 2)
            try await store.scrub()
            #expect(Self.traces(path, of: 0..<20) == [])
            try store.close()
        }
    }

    // MARK: - The layout

    /// Somebody may have switched it on: then pages of numbers look like those of a b-tree.
    @Test func aFileWithAutoVacuumIsLeftAlone() async throws {
        try await TemporaryDirectory.with { directory in
            let path = directory.file("mybot.db")
            try SQLiteStore.open(path: path).close()
            let queue = try DatabaseQueue(path: path)
            try await queue.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA journal_mode = DELETE; PRAGMA auto_vacuum = FULL; VACUUM")
            }
            try queue.close()
            let store = try SQLiteStore.open(path: path)
            try await Self.talk(12, chats: 0..<12, in: store)
            try await Self.forget(0..<3, in: store)
            await #expect(throws: StoreError.self) { try await store.scrub() }
            #expect(try await Self.integrity(store) == "ok")
            try store.close()
        }
    }

    @Test func aGapIsBetweenThePointersAndTheCells() {
        var page = [UInt8](repeating: 0, count: 1024)
        func gap(_ kind: UInt8, cells: Int, content: Int) -> Range<Int>? {
            page.replaceSubrange(
                0..<7,
                with: [kind, 0, 0, UInt8(cells >> 8), UInt8(cells & 255), UInt8(content >> 8), UInt8(content & 255)])
            return page.withUnsafeBytes { TreePage.gap($0) }
        }
        #expect(gap(13, cells: 3, content: 900) == 14..<900)
        #expect(gap(10, cells: 0, content: 1024) == 8..<1024)
        #expect(gap(5, cells: 1, content: 1000) == 14..<1000)
        #expect(gap(2, cells: 300, content: 700) == 612..<700)
        #expect(gap(13, cells: 3, content: 14) == 14..<14)
        // Other pages, and damaged ones.
        for kind: UInt8 in [0, 1, 3, 4, 6, 9, 12, 14, 255] { #expect(gap(kind, cells: 3, content: 900) == nil) }
        #expect(gap(13, cells: 3, content: 13) == nil)
        #expect(gap(13, cells: 3, content: 1025) == nil)
        #expect(gap(13, cells: 3, content: 0) == nil)
        #expect(gap(13, cells: 65_535, content: 900) == nil)
    }
}
