import BotCore
import BotTestSupport
import Foundation
import GRDB
import Testing

@testable import BotStore

@Suite(.timeLimit(.minutes(5)))
struct OpeningTests {
    private func failure(_ path: String) -> StoreError? {
        do throws(StoreError) {
            try SQLiteStore.open(path: path).close()
            return nil
        } catch {
            return error
        }
    }

    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test func makesFolderAndFilesForTheOwnerAlone() async throws {
        try await TemporaryDirectory.with { directory in
            let path = directory.file("a/b/mybot.db")
            let store = try SQLiteStore.open(path: path)
            _ = try await StoreSamples.turn("1", in: store)
            #expect(try mode(directory.file("a")) == 0o700)
            #expect(try mode(directory.file("a/b")) == 0o700)
            for file in ["", ".lock", "-wal", "-shm"] { #expect(try mode(path + file) == 0o600, "\(file)") }
            try store.close()
        }
    }

    /// The pool's readers outlive its writer and cannot empty the log, so the store does it first.
    @Test func leavesEverythingInTheFileItselfWhenItCloses() async throws {
        try await TemporaryDirectory.with { directory in
            let path = directory.file("mybot.db")
            let store = try SQLiteStore.open(path: path)
            _ = try await StoreSamples.accept(StoreSamples.event("1"), in: store)
            // Reading opens the readers.
            #expect(try await store.unfinished(after: nil, limit: 10).count == 1)
            try store.close()
            try FileManager.default.copyItem(atPath: path, toPath: directory.file("copy.db"))
            let copy = try SQLiteStore.open(path: directory.file("copy.db"))
            #expect(try await copy.unfinished(after: nil, limit: 10).count == 1)
            try copy.close()
        }
    }

    @Test func refusesASecondStoreOnTheSameFile() async throws {
        try await TemporaryDirectory.with { directory in
            let path = directory.file("mybot.db")
            let store = try SQLiteStore.open(path: path)
            #expect(failure(path) == .inUse(path: path))
            try store.close()
            #expect(failure(path) == nil)
        }
    }

    @Test func releasesTheLockWhenOpeningFails() async throws {
        try await TemporaryDirectory.with { directory in
            let path = directory.file("mybot.db")
            try Data("not a database at all, but long enough to be one".utf8).write(to: URL(fileURLWithPath: path))
            for _ in 1...2 {
                guard case .damaged = failure(path) else {
                    Issue.record("a text file was taken for a database")
                    return
                }
            }
        }
    }

    @Test func refusesADamagedFile() async throws {
        try await TemporaryDirectory.with { directory in
            let path = directory.file("mybot.db")
            let store = try SQLiteStore.open(path: path)
            for number in 1...20 { _ = try await StoreSamples.turn("\(number)", in: store) }
            try store.close()
            let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
            // Every page after the first is overwritten, as by a disk that lost them.
            let size = try file.seekToEnd()
            try file.seek(toOffset: UInt64(SQLiteStore.pageSize))
            try file.write(contentsOf: Data(repeating: 0x5A, count: Int(size) - SQLiteStore.pageSize))
            try file.close()
            guard case .damaged = failure(path) else {
                Issue.record("damage was not seen")
                return
            }
        }
    }

    @Test func refusesTheSchemaOfANewerVersion() async throws {
        try await TemporaryDirectory.with { directory in
            let path = directory.file("mybot.db")
            let store = try SQLiteStore.open(path: path)
            try await store.write { db in
                try db.run("INSERT INTO grdb_migrations (identifier) VALUES ('v99_future')")
            }
            try store.close()
            #expect(failure(path) == .newerVersion(path: path))
        }
    }

    @Test func saysWhyAFileCannotBeOpened() async throws {
        try await TemporaryDirectory.with { directory in
            try Data().write(to: URL(fileURLWithPath: directory.file("file")))
            for path in [directory.file("file/mybot.db"), directory.file("file/below/mybot.db"), directory.path] {
                guard case .cannotOpen(path, let reason) = failure(path) else {
                    Issue.record("\(path) was opened: \(String(describing: failure(path)))")
                    continue
                }
                #expect(!reason.isEmpty)
            }
        }
    }

    @Test func waitsForTheDiskAtEachCommit() async throws {
        try await TemporaryDirectory.with { directory in
            let store = try SQLiteStore.open(path: directory.file("mybot.db"))
            let pragmas = [
                "synchronous", "foreign_keys", "busy_timeout", "journal_size_limit", "wal_autocheckpoint", "temp_store",
            ]
            let values = try await store.write { db in try pragmas.map { try db.number("PRAGMA \($0)") } }
            #expect(values == [2, 1, 5000, 64 << 20, 2000, 2])
            let journal = try await store.write { db in try db.row("PRAGMA journal_mode").map { $0[0] as String } }
            #expect(journal == "wal")
            try store.close()
        }
    }

    @Test func takesItsOwnPageSizeForANewFileAlone() async throws {
        try await TemporaryDirectory.with { directory in
            try OldDatabase.make(at: directory.file("old.db"), upTo: "v1_people", rows: "")
            for (file, size) in [("new.db", 1024), ("old.db", 4096)] {
                let store = try SQLiteStore.open(path: directory.file(file))
                #expect(try await store.read { db in try db.number("PRAGMA page_size") } == size, "\(file)")
                try store.close()
            }
        }
    }

    @Test func keepsItsInstallationCode() async throws {
        try await TemporaryDirectory.with { directory in
            let path = directory.file("mybot.db")
            let first = try SQLiteStore.open(path: path) { InstallCode(bits: 1) }
            #expect(first.installation.text == "aaaaaaab")
            try first.close()
            let second = try SQLiteStore.open(path: path) { InstallCode(bits: 2) }
            #expect(second.installation.text == "aaaaaaab")
            try second.close()
        }
        #expect(InstallCode(bits: .max).text == "77777777")
    }

    @Test func noncesStayInDiscordsLimit() {
        let code = InstallCode(bits: .max)
        let longest = OutboxRecord.nonce(code, .turn(TurnID(.max)), 35)
        #expect(longest.utf8.count == 25)
        #expect(OutboxRecord.nonce(code, .event(InboxID(71)), 10) == "77777777-e1z-a")
        #expect(OutboxRecord.nonce(code, .turn(TurnID(71)), 10) == "77777777-t1z-a")
    }
}
