import BotCore

/// A pipe table, which Discord would show as it is typed: a block of code with columns under each other when it fits on a phone, else row by
/// row as lines of "column: value". A table with links is shown row by row too, since code cannot hold them.
struct MarkdownTable {
    /// The columns of monospaced text that a phone shows without wrapping.
    static let maxWidth = 40
    /// The longest name of a column before its values, from the second row on.
    private static let maxLabel = 40

    private enum Alignment { case left, center, right }

    /// How many lines of the text it takes.
    let height: Int
    private let rows: [[String]]
    private let alignments: [Alignment]

    /// Reads a table at the beginning of the lines; nil when there is none.
    init?(_ lines: ArraySlice<Substring>) {
        guard let head = lines.first, head.contains("|"), let second = lines.dropFirst().first,
            let alignments = Self.alignments(second)
        else { return nil }
        let body = lines.dropFirst(2).prefix { $0.contains("|") && CodeFence(opening: $0) == nil }
        rows = ([head] + body).map(Self.cells)
        height = 2 + body.count
        self.alignments = alignments
    }

    /// It in Discord's Markdown.
    func lines(with definitions: LinkDefinitions) -> [String] {
        let formatted = rows.map { row in
            row.map { cell -> String in
                var dialect = InlineDialect(cell, definitions)
                return dialect.run().split(separator: "\n").joined(separator: "; ")
            }
        }
        let plain = formatted.map { $0.map(Self.plain) }
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            max(1, plain.map { column < $0.count ? DisplayWidth.of($0[column]) : 0 }.max() ?? 0)
        }
        let hasLinks = formatted.contains { $0.contains { $0.contains("](") || $0.contains("||") } }
        let isNarrow = widths.reduce(0, +) + 3 * (columns - 1) <= Self.maxWidth
        return isNarrow && !hasLinks ? aligned(plain, widths) : list(formatted)
    }

    // MARK: - Columns

    private func aligned(_ rows: [[String]], _ widths: [Int]) -> [String] {
        var lines = rows.map { line($0, widths) }
        lines.insert(widths.map { String(repeating: "-", count: $0) }.joined(separator: "-+-"), at: 1)
        return ["```"] + lines.map { $0.replacing("```", with: "``\u{200B}`") } + ["```"]
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        let padded = widths.enumerated().map { column, width -> String in
            let cell = column < cells.count ? cells[column] : ""
            let space = width - DisplayWidth.of(cell)
            let before: Int =
                switch column < alignments.count ? alignments[column] : .left {
                case .left: 0
                case .center: space / 2
                case .right: space
                }
            return String(repeating: " ", count: before) + cell + String(repeating: " ", count: space - before)
        }
        var line = padded.joined(separator: " | ")
        while line.last == " " { line.removeLast() }
        return line
    }

    /// A cell without its formats, which code would show as they are typed.
    private static func plain(_ cell: String) -> String {
        var text = cell.replacing(#/`+/#, with: "")
        for mark in ["**", "__", "~~"] { text = text.replacing(mark, with: "") }
        text = text.replacing(#/(?<before>^|\s)[*_](?<word>[^\s*_][^*_]*)[*_](?<after>$|[\s.,;:!?])/#) {
            "\($0.before)\($0.word)\($0.after)"
        }
        return text.replacing(#/\\(?<sign>[^0-9A-Za-z\s])/#) { String($0.sign) }
    }

    // MARK: - Rows

    private func list(_ rows: [[String]]) -> [String] {
        guard let head = rows.first, rows.count > 1 else {
            return [(rows.first ?? []).joined(separator: ", ")].map(MentionGuard.neutralised)
        }
        var lines: [String] = []
        for (index, row) in rows.dropFirst().enumerated() {
            if index > 0 { lines.append("") }
            var isFirst = true
            // The names stand in full once, all of them, so that nothing is lost and no table becomes many times as long.
            for column in 0..<max(row.count, index == 0 ? head.count : 0) {
                let cell = column < row.count ? row[column] : ""
                let label = column < head.count ? Self.label(head[column], isShort: index > 0) : ""
                if cell.isEmpty, index > 0 || label.isEmpty { continue }
                let text = label.isEmpty ? cell : cell.isEmpty ? "\(label):" : "\(label): \(cell)"
                // The first is mostly what the row is about.
                let isBold = isFirst && !text.contains("*") && !text.contains("`")
                lines.append(MentionGuard.neutralised(isBold ? "**\(text)**" : text))
                isFirst = false
            }
        }
        return lines
    }

    private static func label(_ cell: String, isShort: Bool) -> String {
        let text = cell.hasSuffix(":") ? String(cell.dropLast()) : cell
        return isShort && text.count > maxLabel ? plain(text).prefix(maxLabel - 1) + "…" : text
    }

    // MARK: - Reading

    private static func alignments(_ line: Substring) -> [Alignment]? {
        guard line.contains("|"), line.allSatisfy({ "|-: ".contains($0) }) else { return nil }
        var alignments: [Alignment] = []
        for cell in cells(line) {
            let dashes = cell.filter { $0 == "-" }.count
            let ends = (cell.hasPrefix(":"), cell.hasSuffix(":"))
            guard dashes > 0, dashes + (ends.0 ? 1 : 0) + (ends.1 ? 1 : 0) == cell.count else { return nil }
            alignments.append(ends.1 ? (ends.0 ? .center : .right) : .left)
        }
        return alignments.isEmpty ? nil : alignments
    }

    private static func cells(_ line: Substring) -> [String] {
        var cells: [String] = []
        var cell = ""
        var isEscaped = false
        let row = line.trimmed
        for character in row.first == "|" ? row.dropFirst() : row[...] {
            if character == "|", !isEscaped {
                cells.append(cell.trimmed)
                cell = ""
            } else {
                // The escape was for the table alone.
                if character == "|", isEscaped { cell.removeLast() }
                cell.append(character)
            }
            isEscaped = character == "\\" && !isEscaped
        }
        if !cell.isEmpty { cells.append(cell.trimmed) }
        return cells
    }
}
