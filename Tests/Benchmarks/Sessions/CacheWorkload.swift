/// The list of what was used last. Its file is linked into this target, for it is internal to `BotSessions` and only here is it built
/// for this use as it is there.
final class CacheWorkload: Workload {
    private struct Held: Sendable {
        let number: Int
    }

    func round() -> Figures {
        let capacity = 1000
        let operations = 1_000_000
        var cache = LRUCache<Int, Held>(capacity: capacity, maxCost: 1 << 30)
        for key in 0..<capacity { cache.insert(Held(number: key), for: key, cost: 32) }
        var found = 0
        var key = 1
        let gets = Clock.wall
        for _ in 0..<operations {
            key = key &* 5 &+ 1
            found &+= cache.value(for: Int(UInt(bitPattern: key) >> 20) % capacity)?.number ?? 0
        }
        let puts = Clock.wall
        // Each new key drives out the oldest.
        for key in capacity..<capacity + operations { cache.insert(Held(number: key), for: key, cost: 32) }
        let end = Clock.wall
        use((found, cache.count))
        return [
            "get_ns": Double(puts - gets) / Double(operations), "put_ns": Double(end - puts) / Double(operations),
        ]
    }

    func end() {}
}
