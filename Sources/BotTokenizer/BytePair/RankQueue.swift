/// Places that wait to be merged, in a bucket for each rank. What is taken must only lead to insertions of higher ranks.
struct RankQueue: Sendable {
    /// A place, and the entry of the same bucket that came before.
    private var entries: [SIMD2<UInt32>] = []
    /// The newest entry of each bucket; `.none` for an empty one.
    private var newest: [UInt32]
    /// A bit for each bucket that is not empty, and above it a bit for each word that is not zero.
    private var buckets: [UInt64]
    private var words: [UInt64]
    /// Below it all words are zero.
    private var lowestWord = 0

    init(ranks: Int) {
        newest = Array(repeating: .none, count: ranks)
        buckets = Array(repeating: 0, count: ranks / 64 + 1)
        words = Array(repeating: 0, count: ranks / 4096 + 1)
    }

    /// Makes room for the entries of a piece of so many bytes.
    mutating func reserve(_ count: Int) { entries.reserveCapacity(count * 2) }

    @inline(__always)
    mutating func insert(_ place: UInt32, rank: Token) {
        let before = newest[Int(rank)]
        newest[Int(rank)] = UInt32(entries.count)
        entries.append(SIMD2(place, before))
        if before == .none {
            buckets[Int(rank &>> 6)] |= 1 &<< UInt64(rank & 63)
            words[Int(rank &>> 12)] |= 1 &<< UInt64((rank &>> 6) & 63)
        }
    }

    /// Takes all places of the lowest rank there is, from left to right; returns the rank, or nil when nothing waits.
    mutating func takeLowest(into places: inout [UInt32]) -> Token? {
        while lowestWord < words.count, words[lowestWord] == 0 { lowestWord += 1 }
        places.removeAll(keepingCapacity: true)
        guard lowestWord < words.count else {
            lowestWord = 0
            entries = []
            return nil
        }
        let word = lowestWord << 6 | words[lowestWord].trailingZeroBitCount
        let rank = word << 6 | buckets[word].trailingZeroBitCount
        buckets[word] &= buckets[word] &- 1
        if buckets[word] == 0 { words[lowestWord] &= words[lowestWord] &- 1 }
        var entry = newest[rank]
        newest[rank] = .none
        var isSorted = true
        while entry != .none {
            let (place, before) = (entries[Int(entry)].x, entries[Int(entry)].y)
            isSorted = isSorted && place < places.last ?? .max
            places.append(place)
            entry = before
        }
        // The newest came first, which mostly is from right to left.
        places.reverse()
        if !isSorted { places.sort() }
        return Token(rank)
    }
}
