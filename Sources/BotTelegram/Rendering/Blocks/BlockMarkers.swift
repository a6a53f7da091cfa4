/// The markers that a line of text begins with.
enum BlockMarkers {
    /// Whether a line is a thematic break: three or more of one mark.
    static func isRule(_ line: ArraySlice<Unicode.Scalar>) -> Bool {
        guard let first = line.first(where: { !$0.isSpace }), "-*_".unicodeScalars.contains(first) else { return false }
        var count = 0
        for scalar in line where !scalar.isSpace {
            guard scalar == first else { return false }
            count += 1
        }
        return count >= 3
    }

    /// Where the text of a heading is; nil when a line is none.
    static func headingText(_ line: Range<Int>, in source: [Unicode.Scalar]) -> Range<Int>? {
        let line = source.trimmed(line)
        guard let first = line.first, source[first] == "#" else { return nil }
        let marks = source.runLength(from: first, to: line.upperBound)
        guard marks <= 6, first + marks < line.upperBound, source[first + marks].isSpace else { return nil }
        var text = source.trimmed(first + marks..<line.upperBound)
        // Closing marks count only after a space: "C#" is a name.
        var closing = text.upperBound
        while closing > text.lowerBound, source[closing - 1] == "#" { closing -= 1 }
        if closing > text.lowerBound, source[closing - 1].isSpace { text = source.trimmed(text.lowerBound..<closing) }
        return text.isEmpty ? nil : text
    }

    /// Whether a trimmed line, of which more may come, may become a marker that is not shown.
    static func mayBegin(_ line: ArraySlice<Unicode.Scalar>) -> Bool {
        guard let first = line.first else { return false }
        let isRun = line.allSatisfy { $0 == first }
        switch first {
        case "#": return isRun && line.count <= 6
        case "*", "_": return isRun && line.count <= 3
        case "=", "`", "~": return isRun && line.count <= 2
        case "+": return isRun && line.count == 1
        case "-":
            if isRun { return line.count <= 2 }
            let rest = line.dropFirst().drop(while: \.isSpace)
            return rest.first == "[" && rest.count <= 3
                && rest.dropFirst().allSatisfy { " xX]".unicodeScalars.contains($0) }
        default: return false
        }
    }

    /// Whether a line holds only the tag of an HTML container, which Telegram has nothing for.
    static func isContainerTag(_ line: Range<Int>, in source: [Unicode.Scalar]) -> Bool {
        let line = source.trimmed(line)
        guard let first = line.first, let tag = HTMLTag(in: source, at: first, before: line.upperBound) else {
            return false
        }
        return tag.range.upperBound == line.upperBound && HTMLTag.containers.contains(tag.name)
    }
}
