/// The beginning of an item of a list.
struct ListMarker {
    enum Kind: Equatable {
        case bullet
        /// A bullet with a box behind it.
        case task(isDone: Bool)
        case number(Int)
    }

    let kind: Kind
    /// How far the marker is indented.
    let indent: Int
    /// From the marker to the text, with the space between them.
    let marker: Range<Int>
    let text: Range<Int>

    init?(_ line: Range<Int>, in source: [Unicode.Scalar]) {
        let content = source.trimmed(line)
        guard let first = content.first else { return nil }
        indent = first - line.lowerBound
        var position = first
        if "-*+\u{2022}".unicodeScalars.contains(source[first]) {
            position += 1
        } else {
            var number = 0
            while position < content.upperBound, position - first < 9, source[position].isDigit {
                number = number * 10 + Int(source[position].value - 0x30)
                position += 1
            }
            guard position > first, position < content.upperBound, source[position] == "." || source[position] == ")"
            else { return nil }
            position += 1
            guard let text = Self.text(after: position, content, source) else { return nil }
            kind = .number(number)
            marker = first..<text.lowerBound
            self.text = text
            return
        }
        guard let text = Self.text(after: position, content, source) else { return nil }
        let box = text.lowerBound
        if text.count > 4, source[box] == "[", source[box + 2] == "]", source[box + 3].isSpace,
            " xX".unicodeScalars.contains(source[box + 1])
        {
            kind = .task(isDone: source[box + 1] != " ")
            self.text = source.trimmed(box + 3..<content.upperBound)
        } else {
            kind = .bullet
            self.text = text
        }
        marker = first..<self.text.lowerBound
    }

    private static func text(after position: Int, _ content: Range<Int>, _ source: [Unicode.Scalar]) -> Range<Int>? {
        guard position < content.upperBound, source[position].isSpace else { return nil }
        return source.trimmed(position..<content.upperBound)
    }
}
