/// Splits a text into messages of at most so many Unicode code points: at a paragraph rather than a line, at a line rather
/// than a sentence, at a sentence rather than a space, and never inside a character. A code block that goes on is closed at the
/// end of one message and opened again in the next.
struct MessageSplitter: Sendable {
    let limit: Int

    /// The messages, none of them blank.
    func split(_ text: String) -> [String] {
        var messages: [String] = []
        var rest = text[...]
        var fence: CodeFence?
        while !rest.isEmpty {
            if fence == nil { rest = rest.drop(while: { $0 == "\n" }) }
            if rest.isEmpty { break }
            let (message, taken, after) = next(rest, inside: fence)
            if let message, !Self.isBlank(message) { messages.append(message) }
            rest = rest[taken...]
            fence = after
        }
        return messages
    }

    // MARK: - One message

    private func next(
        _ rest: Substring, inside fence: CodeFence?
    ) -> (message: String?, taken: Substring.Index, fence: CodeFence?) {
        let opening = fence?.reopening ?? ""
        // A block that was just closed by us must not be opened only to be closed again.
        if let fence, let end = closingLine(of: fence, at: rest) { return (nil, end, nil) }
        let budget = limit - opening.unicodeScalars.count
        if let end = whole(rest, budget: budget, inside: fence) {
            let after = CodeFence.state(after: rest, from: fence)
            return (assembled(opening, rest, closing: after), end, nil)
        }
        // Room for the line that closes a block; markers longer than a few signs are rare but bounded by this as well.
        let longest = min(limit / 4, max(3, longestMarker(in: rest, fence)))
        let edge = boundary(of: rest, budget: budget - longest - 1)
        var cut = breakPoint(in: rest, before: edge, isCode: CodeFence.state(after: rest[..<edge], from: fence) != nil)
        var after = CodeFence.state(after: rest[..<cut], from: fence)
        if after == nil { cut = unbroken(cut, in: rest, upTo: edge) }
        if after != nil, after != fence || fence == nil, let start = emptyOpening(in: rest[..<cut], from: fence) {
            cut = start
            after = CodeFence.state(after: rest[..<cut], from: fence)
        }
        var piece = rest[..<cut]
        var taken = cut
        if let open = after {
            if piece.last == "\n" { piece = piece.dropLast() }
            if taken < rest.endIndex, rest[taken] == "\n", rest[..<taken].last != "\n" {
                taken = rest.index(after: taken)
            }
            if let end = closingLine(of: open, at: rest[taken...]) {
                return (assembled(opening, piece, closing: open), end, nil)
            }
        } else {
            taken = rest[taken...].firstIndex(where: { $0 != " " && $0 != "\n" }) ?? rest.endIndex
            // Indentation belongs to its line.
            if let line = rest[cut..<taken].lastIndex(of: "\n") { taken = rest.index(after: line) }
        }
        return (assembled(opening, piece, closing: after), taken, after)
    }

    /// The cut, moved before a link or the like that it would go through, unless most of the message would be lost by that.
    private func unbroken(
        _ cut: Substring.Index, in rest: Substring, upTo edge: Substring.Index
    ) -> Substring.Index {
        let lineStart = rest[..<cut].lastIndex(of: "\n").map { rest.index(after: $0) } ?? rest.startIndex
        // A little more than the message: the end of what goes on may be there.
        let known = rest.index(edge, offsetBy: 600, limitedBy: rest.endIndex) ?? rest.endIndex
        let line = rest[lineStart..<known].prefix { $0 != "\n" }
        guard let start = UnbrokenSpans.start(around: cut, in: line), start > rest.startIndex,
            rest[..<start].unicodeScalars.count > limit / 4
        else { return cut }
        return start
    }

    private func assembled(_ opening: String, _ piece: Substring, closing fence: CodeFence?) -> String {
        guard let fence else { return (opening + piece).trimmedAtEnd }
        return opening + piece + (piece.last == "\n" ? "" : "\n") + fence.marker
    }

    /// The end of the rest if all of it fits, with what would have to close it.
    private func whole(_ rest: Substring, budget: Int, inside fence: CodeFence?) -> Substring.Index? {
        guard boundary(of: rest, budget: budget) == rest.endIndex else { return nil }
        guard let open = CodeFence.state(after: rest, from: fence) else { return rest.endIndex }
        let count = rest.unicodeScalars.count + 1 + open.marker.unicodeScalars.count
        return count <= budget ? rest.endIndex : nil
    }

    /// The end of the line if it is the one that closes the block.
    private func closingLine(of fence: CodeFence, at rest: Substring) -> Substring.Index? {
        let line = rest.prefix(while: { $0 != "\n" })
        guard !line.isEmpty, fence.isClosed(by: line) else { return nil }
        return line.endIndex < rest.endIndex ? rest.index(after: line.endIndex) : line.endIndex
    }

    /// Where a block begins of which the text holds nothing but the first line: it is better begun in the next message.
    private func emptyOpening(in text: Substring, from fence: CodeFence?) -> Substring.Index? {
        let trimmed = text.last == "\n" ? text.dropLast() : text
        let start = trimmed.lastIndex(of: "\n").map { trimmed.index(after: $0) } ?? trimmed.startIndex
        guard start > text.startIndex, CodeFence.state(after: text[..<start], from: fence) == nil else { return nil }
        return start
    }

    private func longestMarker(in rest: Substring, _ fence: CodeFence?) -> Int {
        var longest = fence?.marker.count ?? 3
        var run = 0
        for scalar in rest.unicodeScalars.prefix(limit) {
            run = scalar == "`" || scalar == "~" ? run + 1 : 0
            longest = max(longest, run)
        }
        return longest
    }

    /// The last place between two characters within the budget. A single character that is larger is cut, because otherwise it
    /// would never arrive.
    private func boundary(of text: Substring, budget: Int) -> Substring.Index {
        var left = budget
        var index = text.startIndex
        while index < text.endIndex {
            let next = text.index(after: index)
            left -= text[index..<next].unicodeScalars.count
            if left < 0 { break }
            index = next
        }
        guard index == text.startIndex, index < text.endIndex else { return index }
        return text.unicodeScalars.index(index, offsetBy: max(1, budget), limitedBy: text.endIndex) ?? text.endIndex
    }

    private func breakPoint(in text: Substring, before edge: Substring.Index, isCode: Bool) -> Substring.Index {
        let window = text[..<edge]
        // A break too early would make many short messages: at least a third is used, for a paragraph half.
        let third = text.index(text.startIndex, offsetBy: window.count / 3)
        let half = text.index(text.startIndex, offsetBy: window.count / 2)
        if !isCode, let paragraph = window[half...].ranges(of: "\n\n").last { return paragraph.lowerBound }
        if edge < text.endIndex, text[edge] == "\n" { return edge }
        if let line = window[third...].lastIndex(of: "\n") { return isCode ? text.index(after: line) : line }
        if !isCode, let sentence = sentenceEnd(in: window[half...]) { return sentence }
        if edge < text.endIndex, text[edge] == " " { return edge }
        if let space = window[third...].lastIndex(of: " ") { return text.index(after: space) }
        return edge
    }

    /// The place after the last space that follows the end of a sentence, or after a full stop of East Asian writing.
    private func sentenceEnd(in text: Substring) -> Substring.Index? {
        var found: Substring.Index?
        var previous: Character = " "
        for index in text.indices {
            let character = text[index]
            if "。！？".contains(character) || (character == " " && ".!?…".contains(previous)) {
                found = text.index(after: index)
            }
            previous = character
        }
        return found
    }

    private static func isBlank(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy {
            $0.properties.isWhitespace || $0.properties.generalCategory == .control
                || $0.properties.isDefaultIgnorableCodePoint
        }
    }
}

extension String {
    fileprivate var trimmedAtEnd: String {
        guard let last = lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(self[...last])
    }
}
