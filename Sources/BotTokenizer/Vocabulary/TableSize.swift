/// How large the hash tables are.
enum TableSize {
    /// The power of two that leaves a sixth of a table free at least, for so many entries.
    static func bits(for capacity: Int) -> Int {
        var bits = 4
        while capacity * 6 > (1 << bits) * 5 { bits += 1 }
        return bits
    }
}
