import BotCore

/// Shows a table, which Telegram does not have: as a block of code with columns under each other when it fits on a phone,
/// else row by row as lines of "column: value". A table with links is shown row by row too, since code cannot hold them.
struct TableLayout {
    /// The columns of monospaced text that a phone shows without wrapping.
    static let maxWidth = 40
    /// The longest name of a column before its values, from the second row on, in characters.
    static let maxLabel = 40

    let head: [FormattedText]
    let rows: [[FormattedText]]
    let alignments: [TableRow.Alignment]

    var formattedText: FormattedText {
        let all = [head] + rows
        let keepsFormat = all.contains {
            $0.contains { $0.entities.contains { $0.type == .link || $0.type == .spoiler } }
        }
        let columns = all.map(\.count).max() ?? 0
        guard !keepsFormat, columns * 4 - 3 <= Self.maxWidth else { return list }
        var widths = Array(repeating: 1, count: columns)
        for row in all {
            for (column, cell) in row.enumerated() {
                widths[column] = max(widths[column], DisplayWidth.of(cell.text))
            }
        }
        return widths.reduce(0, +) + 3 * (columns - 1) <= Self.maxWidth ? aligned(widths) : list
    }

    // MARK: - Columns

    private func aligned(_ widths: [Int]) -> FormattedText {
        var writer = TextWriter()
        write(head, widths, &writer)
        writer.append("\n" + widths.map { String(repeating: "-", count: $0) }.joined(separator: "-+-"))
        for row in rows {
            writer.append("\n")
            write(row, widths, &writer)
        }
        let pre = MessageEntity(type: .pre, offset: 0, length: writer.length)
        return FormattedText(text: String(writer.text), entities: [pre])
    }

    private func write(_ row: [FormattedText], _ widths: [Int], _ writer: inout TextWriter) {
        for (column, width) in widths.enumerated() {
            let text = column < row.count ? row[column].text : ""
            let space = width - DisplayWidth.of(text)
            let before: Int =
                switch column < alignments.count ? alignments[column] : .left {
                case .left: 0
                case .center: space / 2
                case .right: space
                }
            // White space at the end of a line only makes it longer.
            let isLast = column == widths.count - 1
            if column > 0 { writer.append(isLast && text.isEmpty ? " |" : " | ") }
            if isLast, text.isEmpty { return }
            writer.pad(before)
            writer.append(text)
            if !isLast { writer.pad(space - before) }
        }
    }

    // MARK: - Rows

    private var list: FormattedText {
        var writer = TextWriter()
        var entities: [MessageEntity] = []
        if rows.isEmpty { write(head, after: [], &writer, &entities) }
        for (index, row) in rows.enumerated() {
            if index > 0 { writer.append("\n\n") }
            // The names stand in full once, so that nothing is lost and no table becomes many times as long.
            write(row, after: head.map { label(of: $0, isShort: index > 0) }, &writer, &entities)
        }
        return FormattedText(text: String(writer.text), entities: entities)
    }

    /// Writes a line for each value; the first, which is mostly what the row is about, in bold.
    private func write(
        _ row: [FormattedText], after labels: [String], _ writer: inout TextWriter, _ entities: inout [MessageEntity]
    ) {
        let start = writer.length
        var isFirst = true
        for (column, cell) in row.enumerated() where !cell.text.isEmpty {
            if !isFirst { writer.append("\n") }
            if column < labels.count, !labels[column].isEmpty { writer.append(labels[column] + ": ") }
            entities += cell.entities.map { $0.moved(by: writer.length) }
            writer.append(cell.text)
            if isFirst { entities.append(MessageEntity(type: .bold, offset: start, length: writer.length - start)) }
            isFirst = false
        }
    }

    private func label(of cell: FormattedText, isShort: Bool) -> String {
        let text = cell.text.hasSuffix(":") ? String(cell.text.dropLast()) : cell.text
        return isShort && text.count > Self.maxLabel ? text.prefix(Self.maxLabel - 1) + "\u{2026}" : text
    }
}
