/// Rewrites what Discord's Markdown does not know: tables become code blocks, headings deeper than three become bold, and
/// words that would ping people are broken. Code stays as it is.
enum MarkdownDialect {
    static func adapted(_ text: String) -> String {
        let lines = text.replacing("\r\n", with: "\n").split(separator: "\n", omittingEmptySubsequences: false)
        var result: [String] = []
        var fence: CodeFence?
        var index = 0
        while index < lines.count {
            let line = lines[index]
            if let open = fence {
                if open.isClosed(by: line) { fence = nil }
                result.append(String(line))
                index += 1
                continue
            }
            // Discord knows only backticks.
            if let opened = CodeFence(opening: line) {
                fence = opened
                result.append(String(line))
                index += 1
                continue
            }
            if let table = MarkdownTable(lines[index...]) {
                result.append(table.codeBlock)
                index += table.height
                continue
            }
            result.append(MentionGuard.neutralised(heading(line) ?? String(line)))
            index += 1
        }
        return result.joined(separator: "\n")
    }

    /// A heading of four to six signs as a bold line; nil for every other line.
    private static func heading(_ line: Substring) -> String? {
        let signs = line.prefix(while: { $0 == "#" })
        let rest = line.dropFirst(signs.count)
        guard (4...6).contains(signs.count), rest.first == " " else { return nil }
        let title = rest.trimmed.replacing("**", with: "")
        return title.isEmpty ? "" : "**\(title)**"
    }
}

/// A pipe table, which Discord would show as it is typed.
struct MarkdownTable {
    /// How many lines it takes.
    let height: Int
    /// The table in a code block, its columns aligned.
    let codeBlock: String

    /// Reads a table at the beginning of the lines; nil when there is none.
    init?(_ lines: ArraySlice<Substring>) {
        guard let head = lines.first, head.contains("|"), let second = lines.dropFirst().first,
            Self.isDelimiter(second)
        else { return nil }
        let body = lines.dropFirst(2).prefix { $0.contains("|") && !$0.trimmed.isEmpty }
        let rows = ([head] + body).map(Self.cells)
        // Such a block could not hold it.
        guard !([head] + body).contains(where: { $0.contains("```") }) else { return nil }
        height = 2 + body.count
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        var text = rows.map { Self.line($0, widths) }
        text.insert(widths.map { String(repeating: "-", count: max(1, $0)) }.joined(separator: "-+-"), at: 1)
        codeBlock = "```\n" + text.joined(separator: "\n") + "\n```"
    }

    private static func isDelimiter(_ line: Substring) -> Bool {
        line.contains("-") && line.contains("|") && line.allSatisfy { "|-: \t".contains($0) }
    }

    private static func cells(_ line: Substring) -> [String] {
        var text = line.trimmed
        if text.hasPrefix("|") { text.removeFirst() }
        if text.hasSuffix("|") { text.removeLast() }
        return text.replacing("\\|", with: "\u{1}").split(separator: "|", omittingEmptySubsequences: false).map {
            $0.trimmed.replacing("\u{1}", with: "|").replacing("**", with: "").replacing("`", with: "")
        }
    }

    private static func line(_ cells: [String], _ widths: [Int]) -> String {
        let padded = widths.enumerated().map { column, width in
            let cell = column < cells.count ? cells[column] : ""
            return cell + String(repeating: " ", count: max(0, width - cell.count))
        }
        return padded.joined(separator: " | ").replacing(#/ +$/#, with: "")
    }
}

/// Breaks words of a model's text that would ping everybody or a role. The requests forbid pings as well; this is the second
/// lock on that door.
enum MentionGuard {
    private static let pings = ["@everyone", "@here", "<@&"]

    /// The line with an invisible space inside each such word that is not code.
    static func neutralised(_ line: String) -> String {
        guard line.contains("@") else { return line }
        var result = ""
        var rest = line[...]
        while let tick = rest.firstIndex(of: "`") {
            result += broken(rest[..<tick])
            let run = rest[tick...].prefix(while: { $0 == "`" })
            guard let end = closing(run, in: rest[run.endIndex...]) else {
                result += run
                rest = rest[run.endIndex...]
                continue
            }
            result += rest[tick..<end]
            rest = rest[end...]
        }
        return result + broken(rest)
    }

    /// The end of the run of backticks that closes this one.
    private static func closing(_ run: Substring, in text: Substring) -> Substring.Index? {
        var rest = text
        while let tick = rest.firstIndex(of: "`") {
            let other = rest[tick...].prefix(while: { $0 == "`" })
            if other.count == run.count { return other.endIndex }
            rest = rest[other.endIndex...]
        }
        return nil
    }

    private static func broken(_ text: Substring) -> String {
        pings.reduce(String(text)) { text, ping in
            guard let at = ping.firstIndex(of: "@") else { return text }
            let after = ping.index(after: at)
            return text.replacing(ping, with: "\(ping[..<after])\u{200B}\(ping[after...])")
        }
    }
}
