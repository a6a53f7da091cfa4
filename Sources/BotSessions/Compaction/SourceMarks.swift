/// Reads the marks that say where a line was taken from: `[#12]`, `[#12-15]`, `[#12, #15-17]`.
enum SourceMarks {
    /// Takes the marks out of a line.
    ///
    /// - Returns: the text without them, and the ranges in ascending order. A mark that cannot be read stays in the text.
    static func take(from line: String) -> (text: String, sources: [ClosedRange<Int64>]) {
        var text = ""
        var sources: [ClosedRange<Int64>] = []
        var rest = normalized(line)[...]
        while let open = rest.firstIndex(of: "[") {
            guard let close = rest[open...].firstIndex(of: "]"),
                let ranges = ranges(in: rest[rest.index(after: open)..<close])
            else {
                text += rest[...open]
                rest = rest[rest.index(after: open)...]
                continue
            }
            text += rest[..<open]
            sources += ranges
            rest = rest[rest.index(after: close)...]
        }
        text += rest
        return (
            text.squeezed, sources.sorted { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }.unique
        )
    }

    /// The ranges of one mark; nil when it is none.
    private static func ranges(in mark: Substring) -> [ClosedRange<Int64>]? {
        guard mark.first == "#" else { return nil }
        var ranges: [ClosedRange<Int64>] = []
        for part in mark.split(whereSeparator: { ",; ".contains($0) }) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { number($0) }
            guard ends.count <= 2, let first = ends.first ?? nil, let last = ends.last ?? nil, first <= last else {
                return nil
            }
            ranges.append(first...last)
        }
        return ranges.isEmpty ? nil : ranges
    }

    private static func number(_ text: Substring) -> Int64? {
        let digits = text.first == "#" ? text.dropFirst() : text
        guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
        return Int64(digits)
    }

    /// Models that write Chinese or Japanese often take the wide forms of the signs.
    private static func normalized(_ line: String) -> String {
        guard line.utf8.contains(where: { $0 >= 0x80 }) else { return line }
        var normalized = ""
        for character in line {
            switch character {
            case "【", "［": normalized.append("[")
            case "】", "］": normalized.append("]")
            case "＃": normalized.append("#")
            case "–" where normalized.last?.isNumber == true: normalized.append("-")
            default: normalized.append(character)
            }
        }
        return normalized
    }
}

extension String {
    /// Without white space at the ends and with single spaces between the words.
    fileprivate var squeezed: String {
        let squeezed = split(whereSeparator: \.isWhitespace).joined(separator: " ")
        // The full stop behind a mark.
        return squeezed.hasSuffix(" .") ? String(squeezed.dropLast(2)) : squeezed
    }
}

extension [ClosedRange<Int64>] {
    fileprivate var unique: Self {
        var unique: Self = []
        for range in self where unique.last != range { unique.append(range) }
        return unique
    }
}
