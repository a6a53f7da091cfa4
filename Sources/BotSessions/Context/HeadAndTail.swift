import BotCore

/// Shows a text that is too long by its beginning and its end, with a marker between them that says how much is left out.
///
/// The text is cut between characters as people see them; only the surroundings of a cut are read for that.
struct HeadAndTail {
    private let text: String
    private let tokens: Int
    private let counter: any TokenCounter

    /// - Parameter tokens: the tokens of the whole text, or about as many.
    init(_ text: String, tokens: Int, counter: any TokenCounter) {
        var text = text
        text.makeContiguousUTF8()
        self.text = text
        self.tokens = tokens
        self.counter = counter
    }

    /// As much of the text as the limit holds, with its tokens; nil when nothing of it fits.
    ///
    /// The size is found by a few counts of what would be shown, so it may stay a little under the limit.
    func shown(within limit: Int) -> (text: String, tokens: Int)? {
        guard limit > 0 else { return nil }
        if tokens <= limit { return (text, tokens) }
        let bytes = text.utf8.count
        let characters = scalars(in: text[...])
        // The first guess takes the text's own ratio of bytes to tokens; each next one corrects it by what came of it.
        var size = min(bytes, Int(Double(bytes) * Double(limit) / Double(max(1, tokens))))
        var best: (text: String, tokens: Int)?
        for _ in 0..<12 {
            let candidate = cut(to: size, of: characters)
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
    private func cut(to size: Int, of characters: Int) -> String {
        let head = text[..<boundary(atMost: size / 2)]
        let tail = text[max(head.endIndex, boundary(atLeast: text.utf8.count - size / 2))...]
        let marker = "[… \(characters - scalars(in: head) - scalars(in: tail)) characters left out …]"
        return [head, Substring(marker), tail].filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// What fits where not even the marker does. A token is at least a byte, so as many bytes surely fit.
    private func beginning(within limit: Int) -> (text: String, tokens: Int)? {
        var size = limit
        while size > 0 {
            let candidate = String(text[..<boundary(atMost: size)])
            if candidate.isEmpty { return nil }
            let count = counter.count(candidate)
            if count <= limit { return (candidate, count) }
            size = candidate.utf8.count / 2
        }
        return nil
    }

    // MARK: - Places

    /// How many bytes on each side of a place are searched for the beginning of a character: more than any that people write.
    private static let reach = 128

    /// The last place between two characters that lies at most so many bytes from the beginning.
    private func boundary(atMost offset: Int) -> String.Index {
        let place = scalar(at: offset)
        if place == text.startIndex || place == text.endIndex { return place }
        let near = surroundings(of: place)
        // The index after the character before is this place itself if it is a boundary.
        let next = near.index(after: near.unicodeScalars.index(before: place))
        if next <= place { return next }
        return known(near.index(before: next), in: near) ?? place
    }

    /// The first place between two characters that lies at least so many bytes from the beginning.
    private func boundary(atLeast offset: Int) -> String.Index {
        let place = scalar(at: offset)
        if place == text.startIndex || place == text.endIndex { return place }
        let near = surroundings(of: place)
        return known(near.index(after: near.unicodeScalars.index(before: place)), in: near) ?? place
    }

    /// The place of the scalar that so many bytes from the beginning lie in.
    private func scalar(at offset: Int) -> String.Index {
        var place = text.utf8.index(text.startIndex, offsetBy: min(max(0, offset), text.utf8.count))
        while place < text.endIndex, text.utf8[place] & 0xC0 == 0x80 { place = text.utf8.index(before: place) }
        return place
    }

    /// A character may be as long as the text; whoever cuts looks at so much of it only.
    private func surroundings(of place: String.Index) -> Substring {
        let bytes = text.utf8.distance(from: text.startIndex, to: place)
        return text[scalar(at: bytes - Self.reach)..<scalar(at: bytes + Self.reach)]
    }

    /// The boundary, unless it is only where the surroundings end.
    private func known(_ boundary: String.Index, in near: Substring) -> String.Index? {
        if boundary == near.startIndex, boundary > text.startIndex { return nil }
        if boundary == near.endIndex, boundary < text.endIndex { return nil }
        return boundary
    }

    /// How many Unicode scalars there are: counting characters as people see them would take far longer.
    private func scalars(in part: Substring) -> Int {
        var part = part
        return part.withUTF8 { bytes in
            var count = 0
            for byte in bytes where byte & 0xC0 != 0x80 { count += 1 }
            return count
        }
    }
}
