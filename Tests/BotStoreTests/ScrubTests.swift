import BotCore
import BotTestSupport
import Foundation
import GRDB
import Testing

@testable import BotStore

/// What was erased is nowhere in the files: neither in freed pages, nor in the search index, nor in the write-ahead log.
@Suite(.timeLimit(.minutes(5)))
struct ScrubTests {
    /// Words that are in no other text. The tokenizer keeps each whole, and no two begin alike.
    private static let canaries = (0..<40).map { "\(Character(UnicodeScalar(UInt8(97 + $0 % 26))))\($0)zyxqcanary" }

    private static func sentence(_ number: Int) -> String {
        let canary = canaries[number % canaries.count]
        return "\(canary) said \(canary) " + String(repeating: "and more ", count: number % 300)
    }

    /// The files in which one of the words is found, with the words.
    private static func traces(_ path: String) throws -> [String] {
        var traces: [String] = []
        for file in ["", "-wal", "-shm"] where FileManager.default.fileExists(atPath: path + file) {
            let data = try Data(contentsOf: URL(fileURLWithPath: path + file))
            if data.range(of: Data("zyxqcanari".utf8)) != nil { traces.append("a stemmed word in mybot.db\(file)") }
            for canary in canaries where data.range(of: Data(canary.utf8)) != nil {
                traces.append("\(canary) in mybot.db\(file)")
            }
        }
        return traces
    }

    /// A chat full of canaries, with a summary, a waiting event, a queued notice and a running turn, among other chats.
    private static func fill(_ store: SQLiteStore) async throws -> Session {
        let other = try await StoreSamples.exchanges(20, in: store)
        let draft = StoreSamples.session()
        var session = try await store.getOrCreate(draft, at: StoreSamples.start)
        for number in 0..<300 {
            let role: Role = number % 2 == 0 ? .user : .assistant
            session = try #require(
                try await store.append(
                    StoreSamples.message(sentence(number), role: role), to: session.id, at: StoreSamples.at(number))
            ).session
            _ = try await store.append(StoreSamples.message("plain \(number)"), to: other.id, at: StoreSamples.at(1))
        }
        _ = try await store.commit(
            StoreSamples.summary(of: session, through: 200, text: "[#1] \(canaries[3])"),
            ifRevision: session.revision, at: StoreSamples.at(400))
        _ = try await StoreSamples.undo(in: store)
        let entries = try await store.accept(
            (0..<20).map { StoreSamples.event("e\($0)", text: sentence($0)) }, cursor: nil)
        _ = try await StoreSamples.begin(Array(entries.prefix(2)), in: store, text: sentence(7), at: 500)
        _ = try await store.queueNotice(
            [RenderedChunk(text: sentence(9))], in: StoreSamples.chat,
            address: StoreSamples.address(of: StoreSamples.chat), at: StoreSamples.at(500))
        _ = try await store.updateState(
            of: session.id, with: ["secret": .string(canaries[5])], at: StoreSamples.at(500))
        return session
    }

    @Test func nothingIsLeftInTheFilesAfterForgetting() async throws {
        try await TemporaryDirectory.with { directory in
            let path = directory.file("mybot.db")
            let store = try SQLiteStore.open(path: path)
            let session = try await Self.fill(store)
            #expect(try !Self.traces(path).isEmpty, "the test can find what is there")
            let command = try await StoreSamples.accept(StoreSamples.event("forget"), in: store)
            let outcome = try await store.forget(
                CommandRequest(conversation: .key(StoreSamples.chat), event: command.id, at: StoreSamples.at(600)),
                stopped: StoreSamples.stopped
            ) { forgotten in [RenderedChunk(text: "\(forgotten.messages), \(forgotten.summaries)")] }
            #expect(outcome.rows.map(\.payload?.text) == ["301, 1"])
            try await store.scrub()
            #expect(try Self.traces(path) == [])
            #expect(try await store.read { db in try db.number("SELECT count(*) FROM erasure") } == 0)
            for table in ["message", "turn", "usage", "sessionEvent", "checkpoint", "hidden"] {
                let count = try await store.read { db in
                    try db.number("SELECT count(*) FROM \(table) WHERE sessionID = ?", [session.id.rawValue])
                }
                #expect(count == 0, "\(table)")
            }
            #expect(try await store.audit(limit: 9) == [])
            try store.close()
            #expect(try Self.traces(path) == [])
        }
    }

    @Test func nothingIsLeftOfWhatAResetClearedADayAgo() async throws {
        try await TemporaryDirectory.with { directory in
            let path = directory.file("mybot.db")
            let store = try SQLiteStore.open(path: path)
            _ = try await Self.fill(store)
            _ = try await store.updateState(
                of: SessionID(2), with: ["secret": .string("")], at: StoreSamples.at(500))
            _ = try await StoreSamples.reset(in: store, at: 600)
            for row in try await store.ready(on: .telegram, after: nil, limit: 99) {
                try await store.delivered(row.id, as: "m", at: StoreSamples.at(601))
            }
            #expect(try await store.deleteCleared(before: StoreSamples.at(700), limit: 10_000) == 301)
            try await store.scrub()
            #expect(try Self.traces(path) == [])
            #expect(try await store.audit(limit: 9) == [])
            try store.close()
        }
    }

    @Test func whatACrashLeftOfErasingIsDeletedLater() async throws {
        try await TemporaryDirectory.with { directory in
            let path = directory.file("mybot.db")
            let store = try SQLiteStore.open(path: path)
            let session = try await Self.fill(store)
            #expect(try await store.erase(session.id))
            #expect(try await store.eraseStep())
            try store.close()
            #expect(try !Self.traces(path).isEmpty)
            let again = try SQLiteStore.open(path: path)
            #expect(again.mended.isEmpty)
            #expect(try await again.session(session.id) == nil)
            #expect(try await again.messages(of: session.id, after: 0, limit: 9, maxBytes: 99).isEmpty)
            #expect(try await again.audit(limit: 9) == [])
            #expect(try await again.deleteCleared(before: StoreSamples.at(0), limit: 9) == 0)
            try await again.scrub()
            #expect(try Self.traces(path) == [])
            try again.close()
        }
    }

    @Test func whatIsErasedWhileAWipingIsUnderWayIsWipedAgain() async throws {
        try await TemporaryDirectory.with { directory in
            let store = try SQLiteStore.open(path: directory.file("mybot.db"))
            let session = try await StoreSamples.exchanges(3, in: store)
            try await store.scrub()
            #expect(try await store.erase(session.id))
            try await store.write { db in try Erasure.noteToWipe(db) }
            // A wiping begins; the cleanup goes on erasing beside it.
            let wiped = try await store.read { db in try Erasure.newestToWipe(db) }
            while try await store.eraseStep() {}
            try await store.write { db in try Erasure.endWiped(through: wiped, db) }
            #expect(try await store.read { db in try Erasure.newestToWipe(db) } > wiped)
            try await store.scrub()
            #expect(try await store.read { db in try Erasure.newestToWipe(db) } == 0)
            try store.close()
        }
    }

    @Test func readersOnlyDelayTheEmptyingOfTheLog() async throws {
        try await TemporaryDirectory.with { directory in
            let path = directory.file("mybot.db")
            let store = try SQLiteStore.open(path: path)
            _ = try await Self.fill(store)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask { for _ in 0..<20 { _ = try await store.audit(limit: 9) } }
                }
                for _ in 0..<5 { try await store.scrub() }
                try await group.waitForAll()
            }
            #expect(DatabaseFile.size(of: "\(path)-wal") == 0)
            try store.close()
        }
    }
}
