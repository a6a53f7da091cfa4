import Testing

@testable import BotSessions

struct LRUCacheTests {
    @Test func keepsWhatWasUsedLast() {
        var cache = LRUCache<String, Int>(capacity: 2)
        cache.insert(1, for: "a")
        cache.insert(2, for: "b")
        #expect(cache.value(for: "a") == 1)
        cache.insert(3, for: "c")
        #expect(cache.keys == ["c", "a"])
        #expect(cache.value(for: "b") == nil)
    }

    @Test func peekingIsNoUse() {
        var cache = LRUCache<String, Int>(capacity: 2)
        cache.insert(1, for: "a")
        cache.insert(2, for: "b")
        #expect(cache.peek("a") == 1)
        cache.insert(3, for: "c")
        #expect(cache.keys == ["c", "b"])
    }

    @Test func keepsNothingWithoutRoom() {
        var cache = LRUCache<Int, Int>(capacity: 0)
        cache.insert(1, for: 1)
        #expect(cache.count == 0)
        var small = LRUCache<Int, Int>(capacity: 5, maxCost: 10)
        small.insert(1, for: 1, cost: 4)
        small.insert(2, for: 2, cost: 11)
        #expect(small.keys == [1])
    }

    @Test func whatGrowsTooCostlyGoesAndItsOldValueToo() {
        var cache = LRUCache<Int, Int>(capacity: 5, maxCost: 10)
        cache.insert(1, for: 1, cost: 4)
        cache.insert(2, for: 1, cost: 11)
        #expect(cache.peek(1) == nil)
        #expect(cache.totalCost == 0)
    }

    /// The same by a list that is searched from end to end.
    private struct NaiveCache {
        let capacity: Int
        let maxCost: Int
        var entries: [(key: Int, value: Int, cost: Int)] = []

        mutating func value(for key: Int) -> Int? {
            guard let index = entries.firstIndex(where: { $0.key == key }) else { return nil }
            let entry = entries.remove(at: index)
            entries.insert(entry, at: 0)
            return entry.value
        }

        mutating func insert(_ value: Int, for key: Int, cost: Int) {
            entries.removeAll { $0.key == key }
            guard capacity > 0, cost <= maxCost else { return }
            entries.insert((key, value, cost), at: 0)
            while entries.count > capacity || entries.reduce(0, { $0 + $1.cost }) > maxCost { entries.removeLast() }
        }

        mutating func update(_ value: Int, for key: Int, cost: Int?) {
            guard entries.contains(where: { $0.key == key }) else { return }
            if let cost { insert(value, for: key, cost: cost) } else { entries.removeAll { $0.key == key } }
        }
    }

    @Test(arguments: [(1, 100), (3, 12), (8, 1000), (20, 30)])
    func ordersLikeANaiveCacheUnderFuzz(capacity: Int, maxCost: Int) {
        var random = SeededRandom(seed: UInt64(capacity * 1000 + maxCost))
        var cache = LRUCache<Int, Int>(capacity: capacity, maxCost: maxCost)
        var naive = NaiveCache(capacity: capacity, maxCost: maxCost)
        for step in 0..<20_000 {
            let key = Int.random(in: 0..<16, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0:
                cache.remove(key)
                naive.entries.removeAll { $0.key == key }
            case 1:
                let cost = Int.random(in: 0...9, using: &random)
                cache.insert(step, for: key, cost: cost)
                naive.insert(step, for: key, cost: cost)
            case 2:
                let cost = Int.random(in: 0...9, using: &random)
                cache.update(key) { value in
                    value = step
                    return cost == 9 ? nil : cost
                }
                naive.update(step, for: key, cost: cost == 9 ? nil : cost)
            default:
                #expect(cache.value(for: key) == naive.value(for: key))
            }
            guard cache.keys == naive.entries.map(\.key) else {
                Issue.record("the orders differ after step \(step)")
                return
            }
            #expect(cache.totalCost == naive.entries.reduce(0) { $0 + $1.cost })
        }
    }
}
