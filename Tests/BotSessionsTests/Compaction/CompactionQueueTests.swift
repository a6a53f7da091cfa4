import BotCore
import Testing

@testable import BotSessions

struct CompactionQueueTests {
    private func id(_ number: Int64) -> SessionID { SessionID(number) }

    @Test func eachWaitsOnceAndTheNewestIsNotTakenWhenFull() {
        var queue = CompactionQueue(maxWaiting: 2, maxRunning: 1)
        let noted = [1, 1, 2, 3, 2].map { queue.note(id($0)) }
        #expect(noted == [.queued, .known, .queued, .dropped, .known])
        #expect(queue.counts == (2, 0))
    }

    @Test func runsNoMoreThanMayAndNoneTwice() {
        var queue = CompactionQueue(maxWaiting: 9, maxRunning: 2)
        for number in [1, 2, 3] as [Int64] { _ = queue.note(id(number)) }
        let first = [queue.next(), queue.next(), queue.next()]
        #expect(first == [id(1), id(2), nil])
        // Noted while it runs, it waits behind the others when it has ended.
        let again = queue.note(id(1))
        #expect(again == .known)
        queue.ended(id(1))
        let second = [queue.next(), queue.next()]
        #expect(second == [id(3), nil])
        queue.ended(id(2))
        queue.ended(id(3))
        let third = [queue.next(), queue.next()]
        #expect(third == [id(1), nil])
    }

    @Test func aSessionIsTriedThriceInFiveMinutes() {
        var health = SessionHealth()
        for second in [0, 10, 20] as [Int64] {
            let may = health.mayCall(at: .seconds(second))
            #expect(may)
            health.failed(at: .seconds(second))
        }
        let may = [21, 299, 300, 301].map { health.mayCall(at: .seconds($0)) }
        #expect(may == [false, false, true, true])
        health.failed(at: .seconds(301))
        let later = [302, 310].map { health.mayCall(at: .seconds($0)) }
        #expect(later == [false, true])
    }

    @Test func aProviderRestsWhenItFailsForMany() {
        var health = ProviderHealth(maxSource: 6000)
        for _ in 0..<9 { health.failed(.network("down"), for: id(1), at: .zero) }
        #expect(health.mayCall(at: .zero))
        health.failed(nil, for: id(2), at: .zero)
        health.failed(nil, for: id(3), at: .zero)
        #expect(!health.mayCall(at: .seconds(14)))
        #expect(health.mayCall(at: .seconds(30)))
        health.answered()
        health.failed(.rateLimited(retryAfter: .seconds(7), "slow down"), for: id(1), at: .seconds(30))
        #expect(!health.mayCall(at: .seconds(36)))
        #expect(health.mayCall(at: .seconds(37)))
        health.failed(.unauthorized("401"), for: id(1), at: .seconds(40))
        #expect(!health.mayCall(at: .seconds(339)))
        #expect(health.mayCall(at: .seconds(340)))
    }

    @Test func aWindowThatIsTooSmallGetsLess() {
        var health = ProviderHealth(maxSource: 6000)
        health.failed(.contextTooLong("8k"), for: id(1), at: .zero)
        #expect(health.maxSource == 3000)
        for _ in 0..<9 { health.failed(.contextTooLong("8k"), for: id(1), at: .zero) }
        #expect(health.maxSource == 500)
        #expect(health.mayCall(at: .zero))
    }
}
