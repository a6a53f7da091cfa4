import BotWeb

/// Prints a chat into a terminal that can only append: drafts grow on the line, and a message that does not continue its
/// draft is written anew.
struct TerminalPrinter {
    private var shown = ""
    private let write: (String) -> Void

    /// Creates a printer over a function that writes text as it is.
    init(write: @escaping (String) -> Void) { self.write = write }

    mutating func show(_ event: ChatEvent) {
        switch event.kind {
        case .ready, .typing: break
        case .draft: grow(to: event.text)
        case .message:
            grow(to: event.text)
            write("\n\n")
            shown = ""
        }
    }

    private mutating func grow(to text: String) {
        let clean = Self.withoutControls(text)
        if clean.hasPrefix(shown) {
            write(String(clean.dropFirst(shown.count)))
        } else if !shown.hasPrefix(clean) {
            write((shown.isEmpty ? "" : "\n\n") + clean)
        } else {
            return
        }
        shown = clean
    }

    /// The text without characters that could steer the terminal.
    static func withoutControls(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.filter {
                    $0 == "\n" || $0 == "\t" || !($0.value < 32 || (127...159).contains($0.value))
                }))
    }
}
