/// The list that lines belong to, as far as their indentation says.
struct ListState {
    private struct Level {
        let indent: Int
        var number: Int?
        var shown = 0
    }

    private var levels: [Level] = []
    /// How far the text of the last item is indented; 0 outside of lists.
    private(set) var textColumn = 0

    /// Takes an item in. Where every item has the number 1, as Markdown permits, they are counted.
    ///
    /// - Returns: the number to show instead of the item's own.
    mutating func add(_ item: ListMarker) -> Int? {
        textColumn = item.indent + item.marker.count
        while let last = levels.last, last.indent > item.indent { levels.removeLast() }
        if levels.last?.indent != item.indent { levels.append(Level(indent: item.indent)) }
        guard case .number(let number) = item.kind, let level = levels.indices.last else {
            levels[levels.count - 1].number = nil
            return nil
        }
        let isCounted = number == 1 && levels[level].number == 1
        levels[level].number = number
        levels[level].shown = isCounted ? levels[level].shown + 1 : number
        return isCounted ? levels[level].shown : nil
    }
}
