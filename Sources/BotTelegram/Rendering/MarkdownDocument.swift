/// A Markdown source and what the scanners have found in it, in positions of its scalars.
struct MarkdownDocument {
    /// A formatted range.
    struct Span {
        let kind: MessageEntity.Kind
        let range: Range<Int>
        var url: String?
        var language: String?
    }

    /// A range that is shown as another text.
    struct Replacement {
        let range: Range<Int>
        let text: FormattedText
    }

    /// Where a link's label is given an address: `[label]: address`.
    struct Definition {
        let url: String
        /// The line, with its end.
        let line: Range<Int>
        var isUsed = false
    }

    /// The longest code or formula that is not cut, in scalars.
    static let maxUnbroken = 200

    let source: [Unicode.Scalar]
    /// Whether the text goes on.
    let isUnfinished: Bool
    /// Scalars that are not shown.
    var isHidden: [Bool]
    /// Scalars that are shown as something else.
    var substitutes: [Int: String] = [:]
    var spans: [Span] = []
    /// In order.
    var replacements: [Replacement] = []
    /// What is better not cut: bare addresses, short code and formulas.
    var unbreakable: [Range<Int>] = []
    /// By the label in small letters.
    var definitions: [String: Definition] = [:]

    init(_ source: [Unicode.Scalar], isUnfinished: Bool) {
        self.source = source
        self.isUnfinished = isUnfinished
        isHidden = Array(repeating: false, count: source.count)
    }

    mutating func hide(_ range: Range<Int>) {
        for index in range { isHidden[index] = true }
    }

    /// Shows a text instead of a range.
    mutating func substitute(_ text: String, for range: Range<Int>) {
        guard let first = range.first else { return }
        hide(range.dropFirst().startIndex..<range.upperBound)
        isHidden[first] = false
        substitutes[first] = text
    }

    /// A link's address is in the link now; one that no link uses stays readable.
    mutating func hideUsedDefinitions() {
        for definition in definitions.values where definition.isUsed { hide(definition.line) }
    }

    /// Writes the text and moves the ranges to UTF-16 offsets in it.
    func formattedText() -> FormattedText {
        let written = write(source.indices, spans, replacements)
        var result = written.text
        result.unbreakable = unbreakable.map { written.offsets($0) }.filter { !$0.isEmpty }
            .sorted { $0.lowerBound < $1.lowerBound }
        return result
    }

    /// Writes a part of the text in which nothing was replaced, with the spans that lie in it.
    func formattedText(of range: Range<Int>, _ spans: ArraySlice<Span>) -> FormattedText {
        write(range, Array(spans), []).text
    }

    /// Where the scalars of a part of the source have come to.
    private struct Offsets {
        let first: Int
        var values: [Int] = []

        func callAsFunction(_ range: Range<Int>) -> Range<Int> {
            values[range.lowerBound - first]..<values[range.upperBound - first]
        }
    }

    private func write(
        _ range: Range<Int>, _ spans: [Span], _ replacements: [Replacement]
    ) -> (text: FormattedText, offsets: Offsets) {
        var writer = TextWriter()
        var offsets = Offsets(first: range.lowerBound)
        offsets.values.reserveCapacity(range.count + 1)
        var entities: [MessageEntity] = []
        var next = replacements.startIndex
        for index in range {
            offsets.values.append(writer.length)
            while next < replacements.endIndex, replacements[next].range.upperBound <= index { next += 1 }
            if next < replacements.endIndex, replacements[next].range.contains(index) {
                guard replacements[next].range.lowerBound == index else { continue }
                entities += replacements[next].text.entities.map { $0.moved(by: writer.length) }
                writer.append(replacements[next].text.text)
            } else if !isHidden[index] {
                if let substitute = substitutes[index] {
                    writer.append(substitute)
                } else {
                    writer.append(source[index])
                }
            }
        }
        offsets.values.append(writer.length)
        entities += spans.map { span in
            let place = offsets(span.range)
            return MessageEntity(
                type: span.kind, offset: place.lowerBound, length: place.count, url: span.url, language: span.language)
        }
        return (FormattedText(text: String(writer.text), entities: EntityNesting.legal(entities)), offsets)
    }
}
