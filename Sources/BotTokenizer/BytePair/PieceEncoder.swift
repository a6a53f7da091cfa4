/// Encodes texts and counts their tokens, with a cache of its own; one use at a time.
///
/// It is a value that a caller takes out of the counter's stock, so that callers on several threads do not wait for each other.
struct PieceEncoder: Sendable {
    /// Up to here a piece is merged by looking for the best pair again and again, which is quadratic but fastest for what is short.
    private static var longestMerge: Int { 64 }

    private let vocabulary: Vocabulary
    private let splitter: PieceSplitter
    private var cache = PieceCache()
    private var longCache = LongPieceCache()
    private var merge = ShortMerge(capacity: longestMerge)
    private var longMerge: LongMerge?

    init(_ encoding: BytePairEncoding) {
        vocabulary = encoding.vocabulary
        splitter = vocabulary.splitter
    }

    /// The number of tokens.
    mutating func count(_ text: Span<UInt8>) -> Int {
        var place = 0
        var total = 0
        while place < text.count {
            let end = splitter.end(of: text, from: place)
            total &+= count(text, place..<end)
            place = end
        }
        return total
    }

    /// The tokens.
    mutating func encode(_ text: Span<UInt8>) -> [Token] {
        var result: [Token] = []
        var place = 0
        while place < text.count {
            let end = splitter.end(of: text, from: place)
            append(text, place..<end, to: &result)
            place = end
        }
        return result
    }

    @inline(__always)
    private mutating func count(_ text: Span<UInt8>, _ piece: Range<Int>) -> Int {
        if piece.count == 1 { return 1 }
        if piece.count > PieceKey.maxLength { return countLong(text, piece) }
        let key = PieceKey(text, piece)
        let hash = key.hash
        if let known = cache.count(of: key, hash: hash) { return known }
        let count = countUnknown(text, piece, hash)
        cache.insert(count, for: key, hash: hash)
        return count
    }

    @inline(never)
    private mutating func countLong(_ text: Span<UInt8>, _ piece: Range<Int>) -> Int {
        if piece.count > LongPieceCache.maxLength { return countLonger(text, piece) }
        let key = LongPieceKey(text, piece)
        if let known = longCache.count(of: key) { return known }
        let count = countUnknown(text, piece, PieceHash.hash(text, piece))
        longCache.insert(count, for: key)
        return count
    }

    @inline(never)
    private mutating func countUnknown(_ text: Span<UInt8>, _ piece: Range<Int>, _ hash: UInt64) -> Int {
        guard vocabulary.whole.token(text, piece, hash: hash, in: vocabulary.tokens) == .none else { return 1 }
        return merge.run(text, piece, vocabulary)
    }

    @inline(never)
    private mutating func countLonger(_ text: Span<UInt8>, _ piece: Range<Int>) -> Int {
        let hash = PieceHash.hash(text, piece)
        guard vocabulary.whole.token(text, piece, hash: hash, in: vocabulary.tokens) == .none else { return 1 }
        if piece.count <= Self.longestMerge { return merge.run(text, piece, vocabulary) }
        return encodeLong(text, piece).count
    }

    private mutating func append(_ text: Span<UInt8>, _ piece: Range<Int>, to result: inout [Token]) {
        let hash = PieceHash.hash(text, piece)
        let whole = vocabulary.whole.token(text, piece, hash: hash, in: vocabulary.tokens)
        if whole != .none {
            result.append(whole)
        } else if piece.count <= Self.longestMerge {
            let count = merge.run(text, piece, vocabulary)
            result.append(contentsOf: merge.tokens[..<count])
        } else {
            result.append(contentsOf: encodeLong(text, piece))
        }
    }

    private mutating func encodeLong(_ text: Span<UInt8>, _ piece: Range<Int>) -> [Token] {
        // Moved out and back, so that its tables are not copied.
        var merge = longMerge ?? LongMerge(vocabulary)
        longMerge = nil
        defer { longMerge = merge }
        return merge.run(text, piece, vocabulary)
    }
}
