import BotCore
import BotTestSupport
import Foundation
import GRDB
import Testing

@testable import BotStore

/// The invariants of the session engine that the store answers for, each by name. Those of contexts and summaries (4, 5, 6, 8 and 13)
/// are tested where contexts and summaries are made.
@Suite("Invariants of the store", .timeLimit(.minutes(5)))
struct InvariantTests {
    private func withStore(_ body: (SQLiteStore, String) async throws -> Void) async throws {
        try await TemporaryDirectory.with { directory in
            let path = directory.file("mybot.db")
            let store = try SQLiteStore.open(path: path)
            try await body(store, path)
            try store.close()
        }
    }

    /// Opens what a kill at this instant would leave.
    private func afterKill(_ path: String, _ check: (SQLiteStore) async throws -> Void) async throws {
        let copy = "\(path).killed"
        for file in ["", "-wal"] {
            // Of the last time; there may be none.
            try? FileManager.default.removeItem(atPath: copy + file)
            guard FileManager.default.fileExists(atPath: path + file) else { continue }
            try FileManager.default.copyItem(atPath: path + file, toPath: copy + file)
        }
        let store = try SQLiteStore.open(path: copy)
        try await check(store)
        try store.close()
    }

    @Test("Invariant 1: an append that was acknowledged is there after a kill, and there once")
    func durableAcknowledgement() async throws {
        try await withStore { store, path in
            let session = try await StoreSamples.exchanges(0, in: store)
            for number in 1...5 {
                let draft = StoreSamples.message("m\(number)", externalID: "e\(number)")
                let appended = try await store.append(draft, to: session.id, at: StoreSamples.at(number))
                try await afterKill(path) { (copy) async throws in
                    #expect(try await copy.session(session.id) == appended?.session)
                    #expect(try await copy.newestMessages(of: session.id, limit: 1) == [appended?.message])
                    let again = try await copy.append(draft, to: session.id, at: StoreSamples.at(9))
                    #expect(again?.isNew == false)
                    #expect(again?.message == appended?.message)
                }
            }
        }
    }

    @Test("Invariant 2: numbers are dense and follow the order of the appends, whoever appends")
    func order() async throws {
        try await withStore { store, _ in
            let session = try await StoreSamples.exchanges(0, in: store)
            await withTaskGroup(of: Bool.self) { group in
                for writer in 0..<8 {
                    group.addTask {
                        for number in 0..<25 {
                            let draft = StoreSamples.message("\(writer) \(number)")
                            // A failure shows as a number that is missing below.
                            _ = try? await store.append(draft, to: session.id, at: StoreSamples.at(number))
                        }
                        return true
                    }
                }
            }
            let log = try await store.newestMessages(of: session.id, limit: 1000)
            #expect(log.map(\.seq) == Array(1...200))
            for writer in 0..<8 {
                let own = log.map(\.text).filter { $0.hasPrefix("\(writer) ") }
                let inOrder: [String] = (0..<25).map { "\(writer) \($0)" }
                #expect(own == inOrder)
            }
        }
    }

    @Test("Invariant 3: nothing but erasing and retention changes or deletes a message")
    func appendOnly() async throws {
        try await withStore { store, _ in
            func log() async throws -> [String] {
                try await store.read { db in
                    try Row.fetchAll(db, sql: "SELECT * FROM message WHERE sessionID = 1 ORDER BY id").map { row in
                        row.map { "\($0)=\($1)" }.joined(separator: "|")
                    }
                }
            }
            var session = try await StoreSamples.exchanges(6, in: store)
            let before = try await log()
            session = try await StoreSamples.summarize(session, through: 6, in: store).session
            _ = try await StoreSamples.summarize(session, through: 8, in: store)
            let request = StoreSamples.request(session)
            _ = try await store.takeBackSummary(request, pause: 1, confirmation: { _ in [] })
            _ = try await store.undo(request, within: .seconds(9), confirmation: { _ in [] })
            _ = try await store.reset(request, stopped: StoreSamples.stopped, confirmation: { _ in [] })
            _ = try await store.undo(request, within: .seconds(9), confirmation: { _ in [] })
            _ = try await store.expire(at: StoreSamples.at(1_000_000), limit: 9)
            _ = try await store.deleteCleared(before: StoreSamples.at(60), limit: 100)
            try await store.rebuild()
            try await store.scrub()
            #expect(try await log() == before)
            #expect(before.count == 12)
        }
    }

    @Test("Invariant 7: of two summaries of one state only the first is stored")
    func oneSummary() async throws {
        try await withStore { store, _ in
            let session = try await StoreSamples.exchanges(6, in: store)
            let draft = StoreSamples.summary(of: session, through: 6)
            let results = try await withThrowingTaskGroup(of: CheckpointCommit.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        try await store.commit(draft, ifRevision: session.revision, at: StoreSamples.at(50))
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(results.filter { $0 == .outdated }.count == 7)
            #expect(try await store.checkpoints(of: session.id, limit: 9).count == 1)
            #expect(try await store.session(session.id)?.summaries == 1)
        }
    }

    @Test("Invariant 9: nothing that was begun before a reset is added or shown after it, also after a kill")
    func atomicReset() async throws {
        try await withStore { store, path in
            let session = try await StoreSamples.turn("1", in: store)
            let turn = try await StoreSamples.begin("2", in: store)
            let summary = StoreSamples.summary(of: turn.session, through: 2)
            let outcome = try await StoreSamples.reset(in: store)
            func check(_ store: SQLiteStore) async throws {
                #expect(try await store.commit(turn.id, StoreSamples.result(), at: StoreSamples.at(11)) == .superseded)
                let late = try await store.commit(
                    summary, ifRevision: turn.session.revision, at: StoreSamples.at(11))
                #expect(late == .outdated)
                #expect(try await store.session(session.id) == outcome.session)
                #expect(try await store.newestMessages(of: session.id, limit: 9).isEmpty)
                #expect(try await store.messages(of: session.id, after: 0, limit: 9, maxBytes: 99).isEmpty)
                #expect(try await store.messages(of: session.id, seqs: [1, 2, 3]).isEmpty)
                #expect(try await store.search(for: ["hello"], in: session.id, range: 0..<9, limit: 9).isEmpty)
                #expect(try await store.checkpoints(of: session.id, limit: 9).isEmpty)
            }
            try await afterKill(path, check)
            try await check(store)
        }
    }

    @Test("Invariant 10: after a kill at any step all that is derived agrees with the log")
    func crashAnywhere() async throws {
        try await withStore { store, path in
            let seed = UInt64.random(in: 0..<1_000_000)
            var walk = StoreWalk(store: store, seed: seed)
            for step in 1...60 {
                _ = try await walk.step()
                guard step % 6 == 0 else { continue }
                try await afterKill(path) { (copy) async throws in
                    #expect(copy.mended == [], "seed \(seed), step \(step)")
                    #expect(try await copy.audit(limit: 9) == [], "seed \(seed), step \(step)")
                }
            }
        }
    }

    @Test("Invariant 11: a restart changes no result")
    func restartIsPure() async throws {
        try await TemporaryDirectory.with { directory in
            let path = directory.file("mybot.db")
            let seed = UInt64.random(in: 0..<1_000_000)
            var expected = StoreWalk(store: InMemoryStore(), seed: seed)
            var store = try SQLiteStore.open(path: path)
            var walk = StoreWalk(store: store, seed: seed)
            for step in 1...60 {
                if step % 5 == 0 {
                    try store.close()
                    store = try SQLiteStore.open(path: path)
                    walk.store = store
                }
                let (left, right) = (try await walk.step(), try await expected.step())
                #expect(left == right, "seed \(seed), step \(step)")
            }
            try store.close()
        }
    }

    @Test("Invariant 12: nothing of one session is in what is read of another")
    func isolation() async throws {
        try await withStore { store, _ in
            let count = 6
            var sessions: [Session] = []
            for number in 1...count {
                let draft = StoreSamples.session(.number(ConversationID(Int64(number))))
                var session = try await store.getOrCreate(draft, at: StoreSamples.start)
                for line in 0..<10 {
                    session = try #require(
                        try await store.append(
                            StoreSamples.message("otter secret\(number)x \(line)"), to: session.id,
                            at: StoreSamples.at(line))
                    ).session
                }
                let commit = try await store.commit(
                    StoreSamples.summary(of: session, through: 4, text: "secret\(number)x"),
                    ifRevision: session.revision, at: StoreSamples.at(20))
                #expect(commit != .outdated)
                sessions.append(session)
            }
            for (index, session) in sessions.enumerated() {
                let own = "secret\(index + 1)x"
                let hits = try await store.search(
                    for: ["otter"], in: session.id, range: Int64.min..<Int64.max, limit: 1000)
                #expect(hits.map(\.seq).sorted() == Array(1...10))
                var read = try await store.newestMessages(of: session.id, limit: 1000).map(\.text)
                read += try await store.messages(of: session.id, after: -5, limit: 1000, maxBytes: .max).map(\.text)
                read += try await store.messages(of: session.id, seqs: Array(-9...99)).map(\.text)
                read += try await store.checkpoints(of: session.id, limit: 99).map(\.text)
                #expect(read.count == 27)
                #expect(read.allSatisfy { $0.contains(own) })
            }
        }
    }
}
