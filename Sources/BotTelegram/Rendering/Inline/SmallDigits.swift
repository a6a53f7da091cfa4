/// Raised and lowered text: by the digits that Unicode has for it, else with a mark before it.
enum SmallDigits {
    static func raise(_ content: Range<Int>, _ tag: Range<Int>, in document: inout MarkdownDocument) {
        show(content, tag, as: raised, or: "^", &document)
    }

    static func lower(_ content: Range<Int>, _ tag: Range<Int>, in document: inout MarkdownDocument) {
        show(content, tag, as: lowered, or: "_", &document)
    }

    private static func show(
        _ content: Range<Int>, _ tag: Range<Int>, as small: [Unicode.Scalar: String], or mark: String,
        _ document: inout MarkdownDocument
    ) {
        let shown = content.filter { !document.isHidden[$0] }
        guard shown.allSatisfy({ small[document.source[$0]] != nil }) else {
            return document.substitute(mark, for: tag)
        }
        for index in shown { document.substitutes[index] = small[document.source[index]] }
    }

    private static let raised = table("0123456789+-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ")
    private static let lowered = table("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")

    private static func table(_ plain: String, _ small: String) -> [Unicode.Scalar: String] {
        Dictionary(uniqueKeysWithValues: zip(plain.unicodeScalars, small.unicodeScalars.map { String($0) }))
    }
}
