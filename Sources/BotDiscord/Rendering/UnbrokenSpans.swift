/// What is not to be cut in two in a text outside of code blocks: links, addresses, inline code, and what stands between signs of emphasis.
enum UnbrokenSpans {
    /// What is longer is cut.
    private static let longest = 600

    /// Where the span begins that a cut would go through; nil when it goes through none.
    ///
    /// - Parameter line: the line that holds the cut, or as much of it as is known.
    static func start(around cut: Substring.Index, in line: Substring) -> Substring.Index? {
        var index = line.index(cut, offsetBy: -longest, limitedBy: line.startIndex) ?? line.startIndex
        while index < cut {
            let end: Substring.Index? =
                switch line[index] {
                case "`": codeEnd(line, index)
                case "[": linkEnd(line, index)
                case "h" where line[index...].hasPrefix("https://") || line[index...].hasPrefix("http://"):
                    line[index...].firstIndex(where: \.isWhitespace) ?? line.endIndex
                case "*", "_", "~", "|": emphasisEnd(line, index)
                case "\\": line.index(after: index)
                default: nil
                }
            guard let end, end > index else {
                index = line.index(after: index)
                continue
            }
            if end > cut { return line.distance(from: index, to: end) <= longest ? index : nil }
            index =
                line[index] == "\\" ? line.index(index, offsetBy: 2, limitedBy: line.endIndex) ?? line.endIndex : end
        }
        return nil
    }

    private static func codeEnd(_ line: Substring, _ start: Substring.Index) -> Substring.Index? {
        let ticks = line[start...].prefix { $0 == "`" }
        var rest = line[ticks.endIndex...].prefix(longest)
        while let tick = rest.firstIndex(of: "`") {
            let run = rest[tick...].prefix { $0 == "`" }
            if run.count == ticks.count { return run.endIndex }
            rest = rest[run.endIndex...]
        }
        return ticks.endIndex
    }

    private static func linkEnd(_ line: Substring, _ start: Substring.Index) -> Substring.Index? {
        let rest = line[start...].prefix(longest)
        guard let label = rest.firstIndex(of: "]") else { return nil }
        let opening = rest.index(after: label)
        guard opening < rest.endIndex, rest[opening] == "(", let end = rest[opening...].firstIndex(of: ")") else {
            return nil
        }
        let target = rest.index(after: opening)
        // An address in angle brackets may have parentheses.
        if rest[target] == "<", let close = rest[target...].firstRange(of: ">)") { return close.upperBound }
        return rest.index(after: end)
    }

    /// The end of what is bold, italic, underlined, struck out or hidden; the end of the signs where they open nothing.
    private static func emphasisEnd(_ line: Substring, _ start: Substring.Index) -> Substring.Index? {
        let signs = line[start...].prefix { $0 == line[start] }
        let isInWord = start > line.startIndex && line[line.index(before: start)].isLetter
        guard opens(signs, inWord: isInWord), signs.endIndex < line.endIndex, !line[signs.endIndex].isWhitespace else {
            return signs.endIndex
        }
        var rest = line[signs.endIndex...].prefix(longest)
        var previous: Character = " "
        while let next = rest.first {
            let run = rest.prefix { $0 == signs.first }
            if run.count == signs.count, !previous.isWhitespace { return run.endIndex }
            previous = next
            let isEscape = next == "\\" && rest.count > 1
            rest = run.isEmpty ? rest.dropFirst(isEscape ? 2 : 1) : rest[run.endIndex...]
        }
        return signs.endIndex
    }

    /// Whether Discord may take the signs for the beginning of emphasis.
    private static func opens(_ signs: Substring, inWord: Bool) -> Bool {
        switch signs.first {
        case "*": signs.count <= 3
        case "_": signs.count <= 3 && !inWord
        default: signs.count == 2
        }
    }
}
