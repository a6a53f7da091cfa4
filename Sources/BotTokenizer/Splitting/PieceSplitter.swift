/// Cuts a text into the pieces that are encoded each on its own, exactly as the reference's regular expressions do.
///
/// It is written by hand because no regular expression engine here is linear, exact for this Unicode version, and fast. Each rule
/// names the alternative of the expression that it stands for.
struct PieceSplitter: Sendable {
    let classes: ScalarClasses
    let encoding: BytePairEncoding

    init(_ encoding: BytePairEncoding) {
        self.encoding = encoding
        classes = ScalarClasses()
    }

    /// Where the piece ends that begins at the place, which is not the text's end.
    @inline(__always)
    func end(of text: Span<UInt8>, from start: Int) -> Int {
        switch encoding {
        case .o200kBase: o200kEnd(text, from: start)
        case .cl100kBase: cl100kEnd(text, from: start)
        }
    }

    /// Where a run of scalars of these classes ends.
    @inline(__always)
    func runEnd(_ text: Span<UInt8>, from start: Int, of wanted: ScalarClass) -> Int {
        var place = start
        while place < text.count {
            let (kind, length) = classes.scalar(text, at: place)
            guard kind.isOne(of: wanted) else { break }
            place &+= length
        }
        return place
    }

    /// `\p{N}{1,3}`, behind a first number.
    func numberEnd(_ text: Span<UInt8>, from start: Int) -> Int {
        var place = start
        for _ in 0..<3 where place < text.count {
            let (kind, length) = classes.scalar(text, at: place)
            guard kind == .number else { break }
            place += length
        }
        return place
    }

    /// White space: a run with a line end in it is cut behind the last one; one without leaves its last scalar to what follows, unless it is
    /// only one. At the end of the text the run is not cut for what follows.
    ///
    /// - Parameter wholeAtTextEnd: whether a run at the end of the text stays whole even with line ends in it.
    func whiteSpaceEnd(_ text: Span<UInt8>, from start: Int, wholeAtTextEnd: Bool) -> Int {
        var place = start
        var last = start
        var behindLineEnd: Int?
        while place < text.count {
            let (kind, length) = classes.scalar(text, at: place)
            guard kind.isOne(of: .whiteSpace) else { break }
            last = place
            place += length
            if kind == .lineEnd { behindLineEnd = place }
        }
        if wholeAtTextEnd, place == text.count { return place }
        if let behindLineEnd { return behindLineEnd }
        return place == text.count || last == start ? place : last
    }

    /// `'(?i:[sdmt]|ll|ve|re)`: where such an ending stops, or where it was looked for if there is none.
    @inline(__always)
    func contractionEnd(_ text: Span<UInt8>, from start: Int) -> Int {
        guard start + 1 < text.count, text[start] == UInt8(ascii: "'") else { return start }
        let first = text[start + 1]
        let second = start + 2 < text.count ? text[start + 2] : 0
        switch (first | 0x20, second | 0x20) {
        case (UInt8(ascii: "s"), _), (UInt8(ascii: "t"), _), (UInt8(ascii: "m"), _), (UInt8(ascii: "d"), _):
            // Only letters come out of the 0x20 as letters: what it maps elsewhere is not among these.
            return start + 2
        case (UInt8(ascii: "l"), UInt8(ascii: "l")), (UInt8(ascii: "v"), UInt8(ascii: "e")),
            (UInt8(ascii: "r"), UInt8(ascii: "e")):
            return start + 3
        default:
            // Without case, the long s (U+017F) is an s as well.
            return first == 0xC5 && second == 0xBF ? start + 3 : start
        }
    }
}
