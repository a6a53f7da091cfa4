import BotCore

/// Turns a reply in Markdown into Discord messages. Discord shows most of Markdown itself; what it does not know is rewritten,
/// and what is too long is split.
enum DiscordRenderer {
    /// The longest message, in Unicode code points (Message Resource, "Create Message").
    static let limit = 2000
    /// So much of a partial reply is looked at for its preview: some more than the ten messages that previews have.
    private static let previewWindow = 24_000

    static func render(_ reply: String) -> [RenderedChunk] {
        MessageSplitter(limit: limit).split(MarkdownDialect.adapted(reply)).map { RenderedChunk(text: $0) }
    }

    static func renderPreview(_ partialReply: String) -> [RenderedChunk] {
        render(String(partialReply.unicodeScalars.prefix(previewWindow)))
    }
}
