import BotCore

/// Shows a text that is too long by its beginning and its end, with a marker between them that says how much is left out.
struct HeadAndTail {
    private let text: String
    private let tokens: Int
    private let counter: any TokenCounter
    /// Where each character begins, in bytes, and the end of the text.
    private let boundaries: [Int]

    /// - Parameter tokens: the tokens of the whole text.
    init(_ text: String, tokens: Int, counter: any TokenCounter) {
        var text = text
        text.makeContiguousUTF8()
        self.text = text
        self.tokens = tokens
        self.counter = counter
        var boundaries: [Int] = []
        boundaries.reserveCapacity(text.utf8.count + 1)
        var offset = 0
        for character in text {
            boundaries.append(offset)
            offset += character.utf8.count
        }
        boundaries.append(offset)
        self.boundaries = boundaries
    }

    /// As much of the text as the limit holds, with its tokens; nil when nothing of it fits.
    ///
    /// The text is cut between characters as people see them. The size is found by a few counts of what would be shown,
    /// so it may stay a little under the limit.
    func shown(within limit: Int) -> (text: String, tokens: Int)? {
        guard limit > 0 else { return nil }
        if tokens <= limit { return (text, tokens) }
        let bytes = text.utf8.count
        // The first guess takes the text's own ratio of bytes to tokens; each next one corrects it by what came of it.
        var size = Int(Double(bytes) * Double(limit) / Double(max(1, tokens)))
        var best: (text: String, tokens: Int)?
        for _ in 0..<12 {
            let candidate = cut(to: size)
            let count = counter.count(candidate)
            if count <= limit {
                if count > best?.tokens ?? -1 { best = (candidate, count) }
                let isFull = count * 10 >= limit * 9
                let larger = Int(Double(size) * Double(limit) / Double(max(1, count)) * 0.97)
                if isFull || best?.text != candidate || larger <= size { break }
                size = min(larger, bytes)
            } else {
                if best != nil { break }
                let smaller = Int(Double(size) * Double(limit) / Double(count) * 0.95)
                if size == 0 { break }
                size = min(smaller, size - 1)
            }
        }
        return best ?? beginning(within: limit)
    }

    /// Half of the bytes from each end, and between them the marker.
    private func cut(to size: Int) -> String {
        let head = lastBoundary(upTo: size / 2)
        let tail = max(head, boundaries.count - 1 - lastBoundary(upTo: size / 2, fromEnd: true))
        let marker = "[… \(tail - head) characters left out …]"
        let parts = [slice(0, head), marker, slice(tail, boundaries.count - 1)]
        return parts.filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// What fits where not even the marker does. A token is at least a byte, so as many bytes surely fit.
    private func beginning(within limit: Int) -> (text: String, tokens: Int)? {
        var head = lastBoundary(upTo: limit)
        while head > 0 {
            let candidate = slice(0, head)
            let count = counter.count(candidate)
            if count <= limit { return (candidate, count) }
            head /= 2
        }
        return nil
    }

    /// How many characters fit into so many bytes, from the beginning or from the end.
    private func lastBoundary(upTo size: Int, fromEnd: Bool = false) -> Int {
        let end = text.utf8.count
        var low = 0
        var high = boundaries.count - 1
        while low < high {
            let middle = (low + high + 1) / 2
            let taken = fromEnd ? end - boundaries[boundaries.count - 1 - middle] : boundaries[middle]
            if taken <= size { low = middle } else { high = middle - 1 }
        }
        return low
    }

    private func slice(_ first: Int, _ last: Int) -> String {
        let start = text.utf8.index(text.startIndex, offsetBy: boundaries[first])
        let end = text.utf8.index(text.startIndex, offsetBy: boundaries[last])
        return String(text[start..<end])
    }
}
