/// Turns the Markdown that models write into a text with entities. It never fails: what is no markup, or broken markup,
/// stays literal text. Time is linear in the length of the input, whatever it holds.
///
/// The source is kept as it is; the scanners only note which scalars are hidden (markers), which are shown as something
/// else (bullets), and which ranges are formatted. The text is written once at the end.
///
/// The parser is ours: see the article "Formatting".
struct MarkdownRenderer {
    /// Renders a reply.
    ///
    /// - Parameter isUnfinished: whether the text goes on. Then markup that is still open is shown as if it were closed, and
    ///   what may become a marker with the next words is not shown yet.
    static func render(_ markdown: String, isUnfinished: Bool = false) -> FormattedText {
        var document = MarkdownDocument(TextScrubber.scalars(of: markdown), isUnfinished: isUnfinished)
        var blocks = BlockScanner(document)
        for block in blocks.scan(&document) {
            var scanner = InlineScanner(block, in: document)
            scanner.scan(&document)
        }
        document.hideUsedDefinitions()
        return document.formattedText()
    }
}
