import BotCore
import Testing

extension StoreContract {
    /// Behaviours of `AuditStore`.
    package static let audit: [Behaviour] = [
        Behaviour("finds nothing in an empty store, nor after making it anew", auditsNothing),
        Behaviour("agrees with its log after any 300 steps", auditsWalk),
        Behaviour("changes nothing when it makes anew what was right", rebuilds),
    ]

    @Sendable private static func auditsNothing(_ store: any Store) async throws {
        #expect(try await store.audit(limit: 9) == [])
        try await store.rebuild()
        #expect(try await store.audit(limit: 9) == [])
        #expect(try await store.statistics() == StoreStatistics())
    }

    @Sendable private static func auditsWalk(_ store: any Store) async throws {
        let seed = UInt64.random(in: 0..<1_000_000)
        var walk = StoreWalk(store: store, seed: seed)
        for number in 1...300 {
            let told = try await walk.step()
            if number % 20 == 0 {
                #expect(try await store.audit(limit: 9) == [], "seed \(seed), step \(number): \(told)")
            }
        }
    }

    @Sendable private static func rebuilds(_ store: any Store) async throws {
        let made = try await StoreSamples.exchanges(5, in: store)
        let (session, _) = try await StoreSamples.summarize(made, through: 4, in: store)
        _ = try await StoreSamples.exchanges(2, in: store, number: 2)
        _ = try await store.undo(StoreSamples.request(session), within: .seconds(1), confirmation: { _ in [] })
        let before = try await store.session(session.id)
        let statistics = try await store.statistics()
        try await store.rebuild()
        #expect(try await store.session(session.id) == before)
        #expect(try await store.statistics() == statistics)
        #expect(try await store.search(for: ["q1"], in: session.id, range: 0..<99, limit: 9).map(\.seq) == [1])
        #expect(try await store.search(for: ["q5"], in: session.id, range: 0..<99, limit: 9).isEmpty)
    }
}
