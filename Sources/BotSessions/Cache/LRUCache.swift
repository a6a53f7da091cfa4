/// Keeps the values that were used last, bounded by their number and by their total cost. Each operation is O(1).
///
/// The order of use is a doubly linked list over the places of one array, so that nothing is allocated per use.
struct LRUCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Node {
        var key: Key
        /// Nil while the place is free.
        var value: Value?
        var cost: Int
        var newer: Int?
        var older: Int?
    }

    private let capacity: Int
    private let maxCost: Int
    private var nodes: [Node] = []
    private var free: [Int] = []
    private var places: [Key: Int] = [:]
    private var newest: Int?
    private var oldest: Int?
    /// The costs of all values together.
    private(set) var totalCost = 0

    /// Creates an empty cache; a capacity of 0 keeps nothing.
    init(capacity: Int, maxCost: Int = .max) {
        self.capacity = max(0, capacity)
        self.maxCost = maxCost
    }

    var count: Int { places.count }

    /// All keys, the one used last first.
    var keys: [Key] {
        var keys: [Key] = []
        var place = newest
        while let current = place {
            keys.append(nodes[current].key)
            place = nodes[current].older
        }
        return keys
    }

    /// The value of a key, which counts as a use of it.
    mutating func value(for key: Key) -> Value? {
        guard let place = places[key] else { return nil }
        unlink(place)
        linkAsNewest(place)
        return nodes[place].value
    }

    /// The value of a key, without counting as a use.
    func peek(_ key: Key) -> Value? { places[key].flatMap { nodes[$0].value } }

    /// Stores a value as the one used last; those used least go until the bounds hold. One that costs more than all may
    /// cost together is not kept.
    mutating func insert(_ value: Value, for key: Key, cost: Int = 1) {
        remove(key)
        guard capacity > 0, cost <= maxCost else { return }
        while count >= capacity || totalCost + cost > maxCost {
            guard let oldest else { break }
            remove(nodes[oldest].key)
        }
        let node = Node(key: key, value: value, cost: cost)
        let place: Int
        if let reused = free.popLast() {
            place = reused
            nodes[place] = node
        } else {
            place = nodes.count
            nodes.append(node)
        }
        places[key] = place
        totalCost += cost
        linkAsNewest(place)
    }

    /// Changes the value of a key where it stands, without copying it, and makes it the one used last; does nothing without
    /// one.
    ///
    /// - Parameter change: returns what the value costs then; nil removes it.
    mutating func update(_ key: Key, _ change: (inout Value) -> Int?) {
        guard let place = places[key], var value = nodes[place].value.take() else { return }
        guard let cost = change(&value), cost <= maxCost else { return remove(key) }
        nodes[place].value = value
        totalCost += cost - nodes[place].cost
        nodes[place].cost = cost
        unlink(place)
        linkAsNewest(place)
        while totalCost > maxCost, let oldest { remove(nodes[oldest].key) }
    }

    mutating func remove(_ key: Key) {
        guard let place = places.removeValue(forKey: key) else { return }
        unlink(place)
        totalCost -= nodes[place].cost
        nodes[place].value = nil
        free.append(place)
    }

    private mutating func unlink(_ place: Int) {
        let (newer, older) = (nodes[place].newer, nodes[place].older)
        if let newer { nodes[newer].older = older } else { newest = older }
        if let older { nodes[older].newer = newer } else { oldest = newer }
        nodes[place].newer = nil
        nodes[place].older = nil
    }

    private mutating func linkAsNewest(_ place: Int) {
        nodes[place].older = newest
        if let newest { nodes[newest].newer = place } else { oldest = place }
        newest = place
    }
}
