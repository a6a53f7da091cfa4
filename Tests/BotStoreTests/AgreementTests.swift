import BotStore
import BotTestSupport
import Testing

/// The double counts everything anew at each change; the real store adds up what changed. Both must come to the same.
@Suite(.timeLimit(.minutes(5)))
struct AgreementTests {
    @Test(arguments: 0..<4)
    func bothStoresShowTheSameAfterEveryStep(_ number: Int) async throws {
        let seed = UInt64.random(in: 0..<1_000_000)
        try await TemporaryDirectory.with { directory in
            let store = try SQLiteStore.open(path: directory.file("mybot.db"))
            var real = StoreWalk(store: store, seed: seed)
            var double = StoreWalk(store: InMemoryStore(), seed: seed)
            for step in 1...200 {
                let (left, right) = (try await real.step(), try await double.step())
                #expect(left == right, "seed \(seed), step \(step)")
                if left != right { break }
            }
            try store.close()
        }
    }
}
