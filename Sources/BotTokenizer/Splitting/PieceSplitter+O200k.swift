extension PieceSplitter {
    /// The expression of o200k_base.
    @inline(__always)
    func o200kEnd(_ text: Span<UInt8>, from start: Int) -> Int {
        let (first, length) = classes.scalar(text, at: start)
        let second = start + length
        if first.isOne(of: .letter) {
            let word = wordEnd(text, from: start)
            return contractionEnd(text, from: word.end)
        }
        if first.isOne(of: .number) { return numberEnd(text, from: start) }
        if first != .lineEnd, second < text.count {
            // Any one scalar that is no letter, number or line end may lead a word.
            let word = wordEnd(text, from: second)
            if word.isLower || (word.end > second && first != .mark) {
                return contractionEnd(text, from: word.end)
            }
        }
        switch first {
        case .mark:
            // A mark is a letter to these rules when nothing follows that it could lead.
            return contractionEnd(text, from: second)
        case .other:
            return signsEnd(text, from: start)
        default:
            if text[start] == UInt8(ascii: " "), second < text.count, classes.scalar(text, at: second).is == .other {
                return signsEnd(text, from: second)
            }
            // `\s*[\r\n]+|\s+(?!\S)|\s+`
            return whiteSpaceEnd(text, from: start, wholeAtTextEnd: false)
        }
    }

    /// ` ?[^\s\p{L}\p{N}]+[\r\n/]*`, behind the space.
    private func signsEnd(_ text: Span<UInt8>, from start: Int) -> Int {
        var place = runEnd(text, from: start, of: [.mark, .other])
        while place < text.count {
            let byte = text[place]
            guard byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "/") else { break }
            place += 1
        }
        return place
    }

    /// `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+`, or else the same with the `*` and the `+` swapped.
    ///
    /// The first half takes all it can. If no lower-case letter follows it gives back up to its last scalar that the second half takes
    /// too; if there is none either, it is a word of capitals, or none at all.
    ///
    /// - Returns: where the word ends, which is where it begins if there is none; and whether it is of the first form.
    @inline(__always)
    private func wordEnd(_ text: Span<UInt8>, from start: Int) -> (end: Int, isLower: Bool) {
        var place = start
        var behindShared: Int?
        while place < text.count {
            let (kind, length) = classes.scalar(text, at: place)
            if kind.isOne(of: [.upper, .caseless, .mark]) {
                place &+= length
                if kind != .upper { behindShared = place }
            } else if kind == .lower {
                return (runEnd(text, from: place &+ length, of: [.lower, .caseless, .mark]), true)
            } else {
                break
            }
        }
        if let behindShared { return (behindShared, true) }
        return (place, false)
    }
}
