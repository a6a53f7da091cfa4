import BotCore
import BotTestSupport
import CFaultyVFS
import StoreWorkload
import Testing

@testable import BotStore

@Suite(.timeLimit(.minutes(5)))
struct FailingReadTests {
    /// Whoever reads that the file is damaged moves it aside: that is for damage alone.
    @Test func aReadThatFailsOnceWhileOpeningIsNotTakenForDamage() async throws {
        try await TemporaryDirectory.with { directory in
            try #require(faulty_vfs_register() == 0)
            let watch = faulty_vfs_watch(directory.path)
            try #require(watch >= 0)
            defer { faulty_vfs_unwatch(watch) }
            let path = directory.file("mybot.db")
            let store = try SQLiteStore.open(path: path)
            // A text of many pages: the check tells of those in other words.
            _ = try await StoreSamples.turn("1", in: store)
            _ = try await store.accept(
                [StoreSamples.event("2", text: String(repeating: "x", count: 50_000))], cursor: nil)
            try store.close()
            let before = faulty_vfs_calls(watch, UInt32(FAULTY_READ))
            try SQLiteStore.open(path: path).close()
            let reads = Int(faulty_vfs_calls(watch, UInt32(FAULTY_READ)) - before)
            #expect(reads > 10)
            for call in 0..<reads {
                faulty_vfs_plan(watch, try #require(Fate.readError(atCall: call).plan))
                do throws(StoreError) {
                    try SQLiteStore.open(path: path).close()
                } catch {
                    if case .damaged = error { Issue.record("read \(call) of \(reads): \(error)") }
                    #expect(!error.description.contains("\n"))
                }
                faulty_vfs_plan(watch, faulty_plan())
            }
            try SQLiteStore.open(path: path).close()
        }
    }
}
