import BotCore
import BotTestSupport
import Testing

@testable import BotStore

/// Active sessions are found by the minute of their last activity, and told apart by the moment.
@Suite(.timeLimit(.minutes(5)))
struct ActivityTests {
    private struct Known {
        let id: SessionID
        let lastActiveAt: Timestamp
        let expiresAfter: Duration
    }

    /// Sessions that were active at chosen moments within three minutes, each for the last time by another kind of write.
    private static func withSessions(_ body: (SQLiteStore, [Known]) async throws -> Void) async throws {
        try await TemporaryDirectory.with { directory in
            let store = try SQLiteStore.open(path: directory.file("mybot.db"))
            let minute: Int64 = 29_000_000 * 60_000
            var known: [Known] = []
            for (number, offset) in [0, 59_999, 60_000, 1, 119_999, 120_000, 60_000, 90_000, 179_999].enumerated() {
                var draft = StoreSamples.session(.number(ConversationID(Int64(number + 1))))
                draft.expiresAfter = .milliseconds([50_000, 61_000, 1000][number % 3])
                let moment = Timestamp(rawValue: minute + Int64(offset))
                let id = try await store.getOrCreate(draft, at: number == 0 ? moment : moment - .seconds(70)).id
                switch number % 4 {
                case 0: _ = try await store.append(StoreSamples.message("x"), to: id, at: moment)
                case 1: _ = try await store.updateState(of: id, with: [:], at: moment)
                case 2:
                    _ = try await store.deactivate(id)
                    _ = try await store.getOrCreate(draft, at: moment)
                default:
                    _ = try await store.deactivate(id)
                    _ = try await store.append(StoreSamples.message("x"), to: id, at: moment)
                }
                known.append(Known(id: id, lastActiveAt: moment, expiresAfter: draft.expiresAfter))
            }
            try await body(store, known)
            let findings = try await store.audit(limit: 9)
            #expect(findings == [])
            try store.close()
        }
    }

    @Test func activeSessionsAreInTheOrderOfTheirLastActivity() async throws {
        try await Self.withSessions { store, known in
            let expected = known.sorted { ($0.lastActiveAt, $0.id) > ($1.lastActiveAt, $1.id) }.map(\.id)
            for limit in 0...known.count {
                let active = try await store.activeSessions(limit: limit)
                #expect(active.map(\.id) == Array(expected.prefix(limit)))
            }
        }
    }

    @Test func sessionsExpireInTheMillisecondThatTheyAreDue() async throws {
        try await Self.withSessions { store, known in
            func due(_ session: Known) -> Timestamp { session.lastActiveAt + session.expiresAfter }
            var left = known
            for moment in Set(known.map(due)).sorted() {
                let early = try await store.expire(at: moment - .milliseconds(1), limit: 99)
                #expect(early.isEmpty)
                let expected = left.filter { due($0) <= moment }
                left.removeAll { due($0) <= moment }
                let expired = try await store.expire(at: moment, limit: 99)
                #expect(Set(expired) == Set(expected.map(\.id)))
            }
            #expect(left.isEmpty)
        }
    }

    @Test func theLongestIdleExpireFirst() async throws {
        try await Self.withSessions { store, known in
            let expected = known.map { $0.lastActiveAt.rawValue / 60_000 }.sorted()
            var found: [Int64] = []
            while let id = try await store.expire(at: StoreSamples.start + .seconds(1 << 40), limit: 1).first {
                found += known.filter { $0.id == id }.map { $0.lastActiveAt.rawValue / 60_000 }
            }
            #expect(found == expected)
        }
    }
}
