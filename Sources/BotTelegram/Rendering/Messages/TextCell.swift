/// One character of a text as people see it, with what a chunker has to know of it. A character of very many scalars is
/// several cells, so that no cell is longer than a message.
struct TextCell {
    enum Kind: UInt8 { case other, space, newline, sentenceEnd, wideSentenceEnd, closer }

    /// The most scalars of one cell.
    static let maxScalars = 64

    /// Where it begins, in UTF-16 code units.
    let offset: Int
    let scalars: Int
    let kind: Kind
    let isVisible: Bool
    /// Whether it is the rest of the character of the cell before.
    let isContinuation: Bool

    /// The cells of a text, in order.
    static func cells(of text: String) -> [TextCell] {
        var cells: [TextCell] = []
        cells.reserveCapacity(text.utf8.count)
        var offset = 0
        for character in text {
            var scalars = 0
            var units = 0
            var isVisible = false
            var isContinuation = false
            for scalar in character.unicodeScalars {
                if scalars == maxScalars {
                    cells.append(
                        TextCell(
                            offset: offset, scalars: scalars, kind: .other, isVisible: isVisible,
                            isContinuation: isContinuation))
                    offset += units
                    (scalars, units, isVisible, isContinuation) = (0, 0, false, true)
                }
                scalars += 1
                units += scalar.value > 0xFFFF ? 2 : 1
                isVisible = isVisible || scalar.isVisible
            }
            cells.append(
                TextCell(
                    offset: offset, scalars: scalars, kind: isContinuation ? .other : kind(of: character),
                    isVisible: isVisible, isContinuation: isContinuation))
            offset += units
        }
        return cells
    }

    private static func kind(of character: Character) -> Kind {
        switch character {
        case "\n": .newline
        case ".", "!", "?", "\u{2026}": .sentenceEnd
        case "\u{3002}", "\u{FF01}", "\u{FF1F}", "\u{FF0E}": .wideSentenceEnd
        case ")", "]", "\"", "'", "\u{201D}", "\u{2019}", "\u{300D}": .closer
        default: character.isWhitespace ? .space : .other
        }
    }
}
