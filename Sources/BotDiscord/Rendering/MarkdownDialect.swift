/// Rewrites what Discord's Markdown does not know: tables, headings deeper than three, rules, boxes of tasks, images, references, formulas,
/// HTML, indented code and fences of tildes become what it does know, or plain text. Code stays as it is, and words that would ping people are
/// broken. Time is linear in the length of the text, but for links, whose parts are bounded.
struct MarkdownDialect {
    private let lines: [Substring]
    private let definitions: LinkDefinitions
    private var result: [String] = []
    private var index = 0
    /// Whether the lines before belong to a list, in which what is indented is no code.
    private var isInList = false

    static func adapted(_ text: String) -> String {
        var dialect = MarkdownDialect(text)
        return dialect.run()
    }

    private init(_ text: String) {
        let plain = TextCleaner.cleaned(text)
        let all = plain.split(separator: "\n", omittingEmptySubsequences: false)
        (lines, definitions) = LinkDefinitions.taken(from: all)
    }

    private mutating func run() -> String {
        while index < lines.count { takeBlock() }
        return result.joined(separator: "\n")
    }

    // MARK: - Blocks

    private mutating func takeBlock() {
        let line = lines[index]
        if let fence = CodeFence(opening: line) { return takeCode(fence) { $0 } }
        let quote = Quote(line)
        // Discord has no code in quotes that may go on in a next message: it stands by itself.
        if let quote, let fence = CodeFence(opening: quote.content) { return takeCode(fence) { Quote($0)?.content } }
        if quote == nil {
            if let table = MarkdownTable(lines[index...]) {
                result += table.lines(with: definitions)
                index += table.height
                return
            }
            if takeFormula() || takeIndentedCode() { return }
        }
        takeLine(quote?.content ?? line, isQuoted: quote != nil)
        index += 1
    }

    /// Takes a block of code.
    ///
    /// - Parameter content: the content of a line; nil for a line that is not in the block any more.
    private mutating func takeCode(_ fence: CodeFence, _ content: (Substring) -> Substring?) {
        result.append("```" + fence.language)
        index += 1
        while index < lines.count, let line = content(lines[index]) {
            index += 1
            if fence.isClosed(by: line) { break }
            result.append(fence.code(line))
        }
        result.append("```")
    }

    /// Takes a formula of several lines, whose signs Discord would take for markup.
    private mutating func takeFormula() -> Bool {
        let line = lines[index].trimmed
        guard let (opening, closing) = [("$$", "$$"), ("\\[", "\\]")].first(where: { line.hasPrefix($0.0) }) else {
            return false
        }
        var formula = [String(line.dropFirst(opening.count))]
        // With words behind it, it is a part of its paragraph.
        if let end = formula[0].firstRange(of: closing), end.upperBound < formula[0].endIndex { return false }
        var next = index + 1
        // A blank line ends what was none.
        while !formula[formula.count - 1].trimmed.hasSuffix(closing) {
            guard next < lines.count, !lines[next].allSatisfy(\.isWhitespace), next - index < 100 else { return false }
            formula.append(String(lines[next]))
            next += 1
        }
        let last = formula.removeLast().trimmed
        formula.append(String(last.dropLast(closing.count)))
        let code = formula.filter { !$0.allSatisfy(\.isWhitespace) }.map { CodeFence.literal($0[...]) }
        guard !code.isEmpty else { return false }
        result += ["```tex"] + code + ["```"]
        index = next
        return true
    }

    /// Takes code that is indented, as Markdown had it before it had fences.
    private mutating func takeIndentedCode() -> Bool {
        let isAfterBlank = result.last.map { $0.allSatisfy(\.isWhitespace) } ?? true
        guard isAfterBlank, !isInList, Self.isIndented(lines[index]) else { return false }
        var end = index
        while end < lines.count, Self.isIndented(lines[end]) || lines[end].allSatisfy(\.isWhitespace) { end += 1 }
        while lines[end - 1].allSatisfy(\.isWhitespace) { end -= 1 }
        result.append("```")
        result += lines[index..<end].map { CodeFence.literal($0.dropFirst(4)) }
        result.append("```")
        index = end
        return true
    }

    private static func isIndented(_ line: Substring) -> Bool {
        line.hasPrefix("    ") && !line.allSatisfy(\.isWhitespace)
    }

    // MARK: - Lines

    private mutating func takeLine(_ line: Substring, isQuoted: Bool) {
        let start = isQuoted ? "> " : ""
        if line.allSatisfy(\.isWhitespace) {
            result.append(isQuoted ? "> " : "")
            return
        }
        if Self.isUnderline(line), let title = result.last, Self.isParagraph(title, quoted: isQuoted) {
            let text = isQuoted ? String(title.dropFirst(2)) : title
            result[result.count - 1] = "\(start)# \(text)"
            return
        }
        if Self.isRule(line) {
            isInList = false
            result.append(start + "———")
            return
        }
        if let heading = Heading(line) {
            isInList = false
            result.append(start + heading.text(inline(heading.title)))
            return
        }
        if HTMLTag.isContainer(line) { return }
        if let item = ListItem(line) {
            isInList = true
            result.append(start + item.marker + inline(item.text))
            return
        }
        if !(line.first?.isWhitespace ?? false) { isInList = false }
        let indent = line.prefix { $0 == " " }
        let text = inline(line.dropFirst(indent.count))
        result.append(start + indent + Self.withoutMarker(text))
    }

    private func inline(_ text: Substring) -> String {
        var dialect = InlineDialect(text, definitions)
        return MentionGuard.neutralised(dialect.run())
    }

    /// Three signs of one kind and more, and nothing else.
    private static func isRule(_ line: Substring) -> Bool {
        let signs = line.filter { !$0.isWhitespace }
        guard let first = signs.first, "-*_".contains(first) else { return false }
        return signs.count >= 3 && signs.allSatisfy { $0 == first }
    }

    /// Whether the line makes a heading of the one before. One of dashes does not: models write it as a rule.
    private static func isUnderline(_ line: Substring) -> Bool {
        let text = line.trimmed
        return text.count > 1 && text.allSatisfy { $0 == "=" }
    }

    private static func isParagraph(_ line: String, quoted: Bool) -> Bool {
        if line.hasPrefix("> ") != quoted { return false }
        let text = quoted ? line.dropFirst(2) : line[...]
        return !text.allSatisfy(\.isWhitespace) && Heading(text) == nil && ListItem(text) == nil && text != "```"
    }

    /// The line with an escape where Discord would see the beginning of small print or of a quote of all that follows.
    private static func withoutMarker(_ text: String) -> String {
        text.hasPrefix("-# ") || text.hasPrefix(">>> ") ? "\\" + text : text
    }
}

/// A line of a quote. Discord's quotes cannot be in each other: they are flat.
private struct Quote {
    let content: Substring

    init?(_ line: Substring) {
        var rest = line.drop { $0 == " " }
        guard rest.first == ">", line.count - rest.count <= 3 else { return nil }
        while rest.first == ">" {
            rest = rest.dropFirst()
            if rest.first == " " { rest = rest.dropFirst() }
        }
        content = rest
    }
}

/// A heading.
private struct Heading {
    let level: Int
    let title: Substring

    init?(_ line: Substring) {
        let rest = line.drop { $0 == " " }
        let signs = rest.prefix { $0 == "#" }
        var title = rest.dropFirst(signs.count)
        guard (1...6).contains(signs.count), title.first?.isWhitespace ?? false, line.count - rest.count <= 3 else {
            return nil
        }
        title = Self.trimmed(title)
        // Closing signs count only behind a space: "C#" is a name.
        let closed = title.reversed().drop { $0 == "#" }
        if closed.count < title.count, closed.first?.isWhitespace ?? true {
            title = Self.trimmed(title.prefix(closed.count))
        }
        guard !title.isEmpty else { return nil }
        (level, self.title) = (signs.count, title)
    }

    /// Discord knows three levels; the others are bold lines.
    func text(_ title: String) -> String {
        if level <= 3 { return String(repeating: "#", count: level) + " " + title }
        let plain = title.replacing("**", with: "").trimmed
        return plain.isEmpty ? title : "**\(plain)**"
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop(while: \.isWhitespace)
        while text.last?.isWhitespace ?? false { text = text.dropLast() }
        return text
    }
}

/// A line that begins an item of a list.
private struct ListItem {
    /// The marker as Discord knows it, with its indentation and the box of a task.
    let marker: String
    let text: Substring

    init?(_ line: Substring) {
        let indent = line.prefix { $0 == " " }
        var rest = line.dropFirst(indent.count)
        var marker: String
        if let sign = rest.first, "-*+•".contains(sign), rest.dropFirst().first == " " {
            marker = "- "
            rest = rest.dropFirst(2)
        } else {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            let behind = rest.dropFirst(digits.count)
            guard (1...9).contains(digits.count), let sign = behind.first, ".)".contains(sign),
                behind.dropFirst().first == " "
            else { return nil }
            marker = "\(digits). "
            rest = behind.dropFirst(2)
        }
        for (box, shown) in [("[ ] ", "☐ "), ("[x] ", "☑ "), ("[X] ", "☑ ")] where rest.hasPrefix(box) {
            marker += shown
            rest = rest.dropFirst(box.count)
        }
        self.marker = indent + marker
        text = rest
    }
}
