/// Turns the Markdown that models write into a text with entities. It never fails: what is no markup, or broken markup,
/// stays literal text. Time is linear in the length of the input, whatever it holds.
///
/// The source is kept as it is; the scanners only note which scalars are hidden (markers), which are shown as something
/// else (bullets), and which ranges are formatted. The text is written once at the end.
struct MarkdownRenderer {
    /// Renders a reply.
    ///
    /// - Parameter isUnfinished: whether the text goes on: then bold text that is still open is shown as bold.
    static func render(_ markdown: String, isUnfinished: Bool = false) -> FormattedText {
        var document = MarkdownDocument(scrubbed(markdown))
        var blocks = BlockScanner(&document)
        let inline = blocks.scan(&document)
        for (index, block) in inline.enumerated() {
            var scanner = InlineScanner(block, in: document)
            scanner.scan(&document, closesBold: isUnfinished && index == inline.count - 1)
        }
        return document.formattedText()
    }

    /// The scalars without those that Telegram refuses or takes away itself, which would move the entities: controls, and
    /// the separators and bidirectional overrides from U+2028 to U+202E. Line ends become `\n`.
    private static func scrubbed(_ text: String) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(text.utf8.count)
        var afterReturn = false
        for scalar in text.unicodeScalars {
            defer { afterReturn = scalar == "\r" }
            switch scalar.value {
            case 0x0A: if !afterReturn { result.append("\n") }
            case 0x0D: result.append("\n")
            case 0x09: result.append(scalar)
            case 0x00...0x1F, 0x7F...0x9F, 0x202A...0x202E: break
            case 0x2028, 0x2029: result.append("\n")
            default: result.append(scalar)
            }
        }
        return result
    }
}
