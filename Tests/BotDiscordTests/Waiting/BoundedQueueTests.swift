import BotTestSupport
import Testing

@testable import BotDiscord

@Suite(.timeLimit(.minutes(5)))
struct BoundedQueueTests {
    private let time = ManualTime()

    @Test func keepsOrderAndBound() async throws {
        let queue = BoundedQueue<Int>(capacity: 2)
        #expect(queue.offer(1) && queue.offer(2))
        let third = queue.offer(3)
        #expect(!third && queue.isFull)
        #expect(await queue.pop(time) == 1)
        #expect(await queue.pop(time) == 2)
        #expect(queue.isEmpty)
    }

    @Test func pushWaitsForRoomAndNothingIsLost() async throws {
        let queue = BoundedQueue<Int>(capacity: 3)
        let received = await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { for number in 0..<2000 { try await queue.push(number) } }
            var received: [Int] = []
            while received.count < 2000, let number = await queue.pop(time) { received.append(number) }
            return received
        }
        #expect(received == Array(0..<2000))
    }

    @Test func popEndsAtItsDeadline() async throws {
        let queue = BoundedQueue<Int>(capacity: 1)
        async let element = queue.pop(until: .seconds(5), time)
        await time.waitForSleepers()
        time.advance(by: .seconds(5))
        #expect(await element == nil)
    }

    @Test func cancelledPopEnds() async throws {
        let queue = BoundedQueue<Int>(capacity: 1)
        let isNil = await withTaskGroup(of: Bool.self) { group in
            group.addTask { await queue.pop(time) == nil }
            group.cancelAll()
            return await group.next() ?? false
        }
        #expect(isNil)
    }

    @Test("D31: an answer waits until its acknowledgement is through, but not for ever")
    func answersWaitForAcknowledgements() async throws {
        let ledger = InteractionLedger()
        #expect(ledger.begin("1"))
        #expect(!ledger.begin("1"))
        async let outcome = ledger.outcome(of: "1", until: .seconds(4), time)
        await time.waitForSleepers()
        ledger.settle("1", .acknowledged)
        #expect(await outcome == .acknowledged)
        #expect(ledger.begin("2"))
        async let late = ledger.outcome(of: "2", until: .seconds(4), time)
        await time.waitForSleepers()
        time.advance(by: .seconds(4))
        #expect(await late == .pending)
        #expect(await ledger.outcome(of: "never seen", until: .seconds(9), time) == nil)
        for number in 0..<600 { #expect(ledger.begin("x\(number)")) }
        #expect(await ledger.outcome(of: "1", until: .seconds(9), time) == nil, "the oldest are forgotten")
    }
}
