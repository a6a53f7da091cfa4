/// Remembers a value for each of the newest keys: where there would be too many, the one that came first is forgotten.
package struct RecentMap<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private let capacity: Int
    private var values: [Key: Value] = [:]
    /// In the order in which they came; a ring, once it is full.
    private var keys: [Key] = []
    private var oldest = 0

    /// - Parameter capacity: how many keys are remembered; at least one.
    package init(capacity: Int) {
        precondition(capacity > 0, "at least one key must have a place")
        self.capacity = capacity
    }

    package subscript(key: Key) -> Value? { values[key] }

    /// Notes a value; a key that is known already gets it and keeps its place.
    package mutating func set(_ value: Value, for key: Key) {
        if values.updateValue(value, forKey: key) != nil { return }
        guard keys.count == capacity else { return keys.append(key) }
        values[keys[oldest]] = nil
        keys[oldest] = key
        oldest = (oldest + 1) % capacity
    }
}
