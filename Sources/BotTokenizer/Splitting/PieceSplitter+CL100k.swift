extension PieceSplitter {
    /// The expression of cl100k_base.
    @inline(__always)
    func cl100kEnd(_ text: Span<UInt8>, from start: Int) -> Int {
        let (first, length) = classes.scalar(text, at: start)
        if first.isOne(of: .letter) { return runEnd(text, from: start + length, of: .letter) }
        if first.isOne(of: .number) { return numberEnd(text, from: start) }
        let contraction = contractionEnd(text, from: start)
        if contraction > start { return contraction }
        let second = start + length
        let next = second < text.count ? classes.scalar(text, at: second).is : []
        // `[^\r\n\p{L}\p{N}]?+\p{L}++`
        if first != .lineEnd, next.isOne(of: .letter) { return runEnd(text, from: second, of: .letter) }
        if first.isOne(of: [.mark, .other]) { return signsEnd(text, from: start) }
        if text[start] == UInt8(ascii: " "), next.isOne(of: [.mark, .other]) { return signsEnd(text, from: second) }
        // `\s++$|\s*[\r\n]|\s+(?!\S)|\s`
        return whiteSpaceEnd(text, from: start, wholeAtTextEnd: true)
    }

    /// ` ?[^\s\p{L}\p{N}]++[\r\n]*+`, behind the space.
    private func signsEnd(_ text: Span<UInt8>, from start: Int) -> Int {
        var place = runEnd(text, from: start, of: [.mark, .other])
        while place < text.count, text[place] == UInt8(ascii: "\n") || text[place] == UInt8(ascii: "\r") { place += 1 }
        return place
    }
}
