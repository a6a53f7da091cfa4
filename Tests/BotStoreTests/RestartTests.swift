import BotCore
import BotTestSupport
import Foundation
import GRDB
import Testing

@testable import BotStore

/// What a new process finds after the old one was killed.
@Suite(.timeLimit(.minutes(5)))
struct RestartTests {
    /// Opens a copy of the files of a store that is still open: what a `kill -9` at this instant leaves behind.
    private func afterKill(
        _ path: String, _ number: Int = 0, _ body: (SQLiteStore) async throws -> Void
    ) async throws {
        let copy = "\(path).killed\(number)"
        for file in ["", "-wal"] where FileManager.default.fileExists(atPath: path + file) {
            try FileManager.default.copyItem(atPath: path + file, toPath: copy + file)
        }
        let store = try SQLiteStore.open(path: copy)
        try await body(store)
        try store.close()
    }

    private func withStore(_ body: (SQLiteStore, String) async throws -> Void) async throws {
        try await TemporaryDirectory.with { directory in
            let path = directory.file("mybot.db")
            let store = try SQLiteStore.open(path: path)
            try await body(store, path)
            try store.close()
        }
    }

    @Test func everyAcknowledgedStepOfATurnIsThereAfterAKill() async throws {
        try await withStore { store, path in
            let entry = try #require(
                try await store.accept([StoreSamples.event("1")], cursor: Cursor(name: "c", value: "2")).first)
            try await afterKill(path, 1) { (copy) async throws in
                #expect(try await copy.unfinished(after: nil, limit: 10) == [entry])
                #expect(try await copy.cursor(named: "c") == "2")
            }
            let turn = try await StoreSamples.begin([entry], in: store)
            #expect(try await store.beginFirstSend(of: turn.reply.id))
            try await afterKill(path, 2) { (copy) async throws in
                let again = try await StoreSamples.begin([entry], in: copy)
                #expect(again.id == turn.id)
                #expect(again.attempt == 2)
                #expect(again.reply.isDoubtful)
                #expect(again.reply.nonce == turn.reply.nonce)
                #expect(try await StoreSamples.texts(of: turn.session.id, in: copy) == ["hello"])
            }
            _ = try await store.previewStands(of: turn.reply.id, as: "m1")
            _ = try await store.commit(turn.id, StoreSamples.result(), at: StoreSamples.at(3))
            try await afterKill(path, 3) { (copy) async throws in
                let ready = try await copy.ready(on: .telegram, after: nil, limit: 10)
                #expect(ready.map(\.id) == [turn.reply.id])
                #expect(ready.first?.messageID == "m1")
                #expect(try await copy.unfinished(after: nil, limit: 10).isEmpty)
                #expect(
                    try await copy.begin(
                        StoreSamples.draft([entry]), attempts: 3, apology: [], at: StoreSamples.at(4)) == .gone)
            }
            try await store.delivered(turn.reply.id, as: "m1", at: StoreSamples.at(5))
            try await afterKill(path, 4) { (copy) async throws in
                #expect(try await copy.ready(on: .telegram, after: nil, limit: 10).isEmpty)
            }
        }
    }

    @Test func aResetHoldsAfterAKill() async throws {
        try await withStore { store, path in
            let turn = try await StoreSamples.begin("1", in: store)
            _ = try await store.previewStands(of: turn.reply.id, as: "m1")
            let command = try await StoreSamples.accept(StoreSamples.event("2"), in: store)
            let outcome = try await StoreSamples.reset(command.id, in: store)
            try await afterKill(path) { (copy) async throws in
                #expect(try await copy.session(turn.session.id) == outcome.session)
                #expect(try await copy.unfinished(after: nil, limit: 10).isEmpty)
                let ready = try await copy.ready(on: .telegram, after: nil, limit: 10)
                #expect(Set(ready.map(\.id)) == Set(outcome.rows.map(\.id)))
                #expect(ready.first { $0.id == turn.reply.id }?.payload == StoreSamples.stopped)
                #expect(try await StoreSamples.undo(in: copy).undone == .reset(messages: 1))
            }
        }
    }

    @Test func aSendCancelledUnderWayIsForgottenByTheNextProcess() async throws {
        try await withStore { store, path in
            let turn = try await StoreSamples.begin("1", in: store)
            _ = try await store.beginFirstSend(of: turn.reply.id)
            _ = try await StoreSamples.reset(in: store)
            try await afterKill(path) { (copy) async throws in
                // Nobody knows the message; its address, which may be a secret, is not kept for nothing.
                let kept = try await copy.read { db in
                    try db.number("SELECT count(*) FROM outbox WHERE address IS NOT NULL OR text IS NOT NULL")
                }
                #expect(kept == 0)
            }
        }
    }

    @Test func whatWasNotCommittedIsNotThere() async throws {
        struct Killed: Error {}
        try await withStore { store, path in
            let before = try await StoreSamples.turn("1", in: store)
            // The files are copied from inside the transaction, after its writes and before its commit.
            await #expect(throws: StoreError.self) {
                try await store.write { db in
                    _ = try SessionLog.append(
                        LogEntry(StoreSamples.message("half")), to: before.id, at: StoreSamples.at(5), db)
                    for file in ["", "-wal"] {
                        try FileManager.default.copyItem(atPath: path + file, toPath: "\(path).half\(file)")
                    }
                    throw Killed()
                }
            }
            let copy = try SQLiteStore.open(path: "\(path).half")
            #expect(try await copy.session(before.id) == before)
            #expect(try await StoreSamples.texts(of: before.id, in: copy) == ["hello", "hi"])
            try copy.close()
        }
    }

    @Test func endedRowsAndEventsAreEmptied() async throws {
        try await withStore { store, _ in
            _ = try await StoreSamples.turn("1", in: store)
            let event = try await StoreSamples.accept(StoreSamples.event("2"), in: store)
            for row in try await store.finish(event.id, answer: [RenderedChunk(text: "x")], at: StoreSamples.at(1)) {
                try await store.abandon(row.id, reason: "refused", at: StoreSamples.at(2))
            }
            let kept = try await store.read { db in
                try db.number("SELECT count(*) FROM outbox WHERE address IS NOT NULL OR text IS NOT NULL")
                    + db.number("SELECT count(*) FROM inbox WHERE payload IS NOT NULL")
            }
            #expect(kept == 0)
        }
    }

    @Test func booksUsageOfSupersededTurnsToo() async throws {
        try await withStore { store, _ in
            _ = try await StoreSamples.turn("1", in: store)
            let turn = try await StoreSamples.begin("2", in: store)
            _ = try await StoreSamples.reset(in: store)
            #expect(try await store.commit(turn.id, StoreSamples.result(), at: StoreSamples.at(11)) == .superseded)
            let booked = try await store.read { db in
                try db.rows("SELECT wasSuperseded, promptTokens, completionTokens FROM usage ORDER BY id")
                    .map { [$0[0] as Int, $0[1] as Int, $0[2] as Int] }
            }
            #expect(booked == [[0, 100, 5], [1, 100, 5]])
        }
    }
}
