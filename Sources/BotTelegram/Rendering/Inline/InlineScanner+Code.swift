extension InlineScanner {
    mutating func pairBackticks() {
        var last: [Int: Int] = [:]
        var end = range.upperBound
        while end > range.lowerBound {
            guard source[end - 1] == "`" else {
                end -= 1
                continue
            }
            var start = end - 1
            while start > range.lowerBound, source[start - 1] == "`" { start -= 1 }
            nextRun[start] = last[end - start] ?? 0
            last[end - start] = start
            end = start
        }
    }

    /// Code between runs of backticks of the same length.
    mutating func scanCode(_ document: inout MarkdownDocument) {
        let start = position
        let length = runLength(from: start)
        position = start + length
        if let closing = nextRun[start], closing > 0 {
            document.hide(start..<position)
            document.hide(closing..<closing + length)
            addCode(position..<closing, &document)
            position = closing + length
        } else if block.isOpen, nextRun[start] != nil {
            // It will be closed; what may become its end is not shown.
            var end = range.upperBound
            while end > position, source[end - 1] == "`" { end -= 1 }
            document.hide(start..<position)
            document.hide(end..<range.upperBound)
            addCode(position..<end, &document)
            position = range.upperBound
        }
    }

    private mutating func addCode(_ code: Range<Int>, _ document: inout MarkdownDocument) {
        var code = code
        if code.count > 2, source[code.lowerBound] == " ", source[code.upperBound - 1] == " ", !source.isBlank(code) {
            document.hide(code.prefix(1))
            document.hide(code.suffix(1))
            code = code.lowerBound + 1..<code.upperBound - 1
        }
        document.spans.append(.init(kind: .code, range: code))
        if code.count <= MarkdownDocument.maxUnbroken { document.unbreakable.append(code) }
    }

    /// An escape, or a formula in `\(...\)` or `\[...\]`.
    mutating func scanBackslash(_ document: inout MarkdownDocument) {
        let start = position
        position += 1
        guard let next = at(position) else {
            if block.isOpen { document.hide(start..<position) }
            return
        }
        switch next {
        case "(": if skipFormula(from: start, opening: 2, closing: "\\)", &document) { return }
        case "[": if skipFormula(from: start, opening: 2, closing: "\\]", &document) { return }
        // A line break, which is one anyway.
        case "\n": return document.hide(start..<position)
        default: break
        }
        guard "\\`*_{}[]<>#+-.!|~$&\"'^=:;,?@%/".unicodeScalars.contains(next) else { return }
        document.hide(start..<position)
        position += 1
        // What is left of a run of backticks is not its beginning any more.
        if next == "`" { position += at(position) == "`" ? runLength(from: position) : 0 }
    }

    /// A formula in `$$...$$`, or one in `$...$` as Pandoc knows it: no space inside the dollars, no digit behind them.
    mutating func scanDollar(_ document: inout MarkdownDocument) {
        let start = position
        if at(start + 1) == "$" {
            if !skipFormula(from: start, opening: 2, closing: "$$", &document) {
                position = start + runLength(from: start)
            }
            return
        }
        position += 1
        guard let first = at(position), !first.isSpace else { return }
        var end = position
        while let scalar = at(end), scalar != "$", scalar != "\n", scalar != "`" { end += 1 }
        guard at(end) == "$", !source[end - 1].isSpace, !(at(end + 1)?.isDigit ?? false),
            !source[position..<end].adjacentPairs.contains(where: { $0 == "*" && $1 == "*" })
        else { return }
        keep(start..<end + 1, &document)
    }

    /// Goes behind a formula, which stays as it is; false when it is not closed.
    private mutating func skipFormula(
        from start: Int, opening: Int, closing: StaticString, _ document: inout MarkdownDocument
    ) -> Bool {
        if let end = find(closing, from: start + opening) {
            keep(start..<end + closing.utf8CodeUnitCount, &document)
            return true
        }
        guard block.isOpen else { return false }
        position = range.upperBound
        return true
    }

    private mutating func keep(_ formula: Range<Int>, _ document: inout MarkdownDocument) {
        if formula.count <= MarkdownDocument.maxUnbroken { document.unbreakable.append(formula) }
        position = formula.upperBound
    }
}

extension ArraySlice {
    /// Each element with the next.
    fileprivate var adjacentPairs: Zip2Sequence<Self, Self> { zip(self, dropFirst()) }
}
