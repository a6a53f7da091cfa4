/// The label of a reference or footnote in its brackets.
struct LinkLabel {
    private static let maxLength = 100

    /// What two labels have in common that mean the same.
    let key: String
    let isFootnote: Bool
    /// The position after the closing bracket.
    let end: Int

    /// Reads from an opening bracket.
    init?(in source: [Unicode.Scalar], at start: Int, before limit: Int) {
        guard start < limit, source[start] == "[" else { return nil }
        let bound = min(limit, start + Self.maxLength)
        var position = start + 1
        while position < bound, source[position] != "]" {
            if source[position] == "[" || source[position] == "\n" { return nil }
            position += 1
        }
        guard position < bound, position > start + 1 else { return nil }
        isFootnote = source[start + 1] == "^" && position > start + 2
        key = source.string(start + 1..<position).lowercased()
        end = position + 1
    }
}
