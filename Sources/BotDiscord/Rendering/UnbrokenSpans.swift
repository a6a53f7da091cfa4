/// What is not to be cut in two in a text outside of code blocks: links, addresses and inline code.
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
}
