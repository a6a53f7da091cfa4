import BotCore
import Testing

@testable import BotConversation

@Suite(.timeLimit(.minutes(5)))
struct ByteBudgetTests {
    @Test("Bytes are given back, what is not needed at once")
    func givesBack() async {
        let budget = ByteBudget(bytes: 100)
        let seen = await budget.with(80) { keepOnly in
            let before = budget.free
            keepOnly(30)
            keepOnly(50)
            return [before, budget.free]
        }
        #expect(seen == [20, 70])
        #expect(budget.free == 100)
    }

    @Test("More than there is counts as all")
    func takesAllAtMost() async {
        let budget = ByteBudget(bytes: 100)
        #expect(await budget.with(1000) { _ in budget.free } == 0)
        #expect(budget.free == 100)
    }

    @Test("Who finds none left waits, in order, and a small one does not pass a large one")
    func waitsInOrder() async {
        let budget = ByteBudget(bytes: 100)
        let order = Lock<[Int]>([])
        let (first, entered) = (Gate(isOpen: false), Gate(isOpen: false))
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                _ = await budget.with(60) { _ in
                    entered.set(open: true)
                    try? await first.wait()
                }
            }
            try? await entered.wait()
            for (number, bytes) in [(1, 100), (2, 10)] {
                group.addTask { _ = await budget.with(bytes) { _ in order.withLock { $0.append(number) } } }
                while budget.waiting < number { await Task.yield() }
            }
            #expect(order.withLock { $0 } == [])
            first.set(open: true)
        }
        #expect(order.withLock { $0 } == [1, 2])
        #expect(budget.free == 100)
    }

    @Test("A cancelled wait takes nothing and lets the next one through")
    func survivesCancelling() async {
        let budget = ByteBudget(bytes: 100)
        let results = await budget.with(60) { _ in
            await Self.cancelled {
                await budget.with(100) { _ in 1 }
            } whileWaitingAt: {
                budget.waiting == 1
            }
        }
        #expect(results == .some(nil))
        #expect(await budget.with(100) { _ in 2 } == 2)
        #expect(budget.free == 100)
    }

    /// Runs something and cancels it once it waits.
    private static func cancelled(
        _ body: @escaping @Sendable () async -> Int?, whileWaitingAt isWaiting: @Sendable () -> Bool
    ) async -> Int? {
        await withTaskGroup(of: Int?.self) { group in
            group.addTask { await body() }
            while !isWaiting() { await Task.yield() }
            group.cancelAll()
            return await group.next() ?? nil
        }
    }
}
