import BotCore

/// Marks a message that may stand in the chat already, because nobody can know whether its first send arrived.
enum RepeatLabel {
    static let line = "(This may be a repeat: the connection broke while it was being sent.)"

    /// The message with the label as its first line.
    ///
    /// Formatting is opaque here and counts from the start of the text, so a labelled message goes plain.
    static func labelled(_ chunk: RenderedChunk) -> RenderedChunk {
        RenderedChunk(text: "\(line)\n\n\(chunk.text)", file: chunk.file, buttons: chunk.buttons)
    }

    /// Whether the platform would still take the labelled text as one message; otherwise the label goes ahead of it.
    static func fits(_ chunk: RenderedChunk, _ transport: any ChatTransport) -> Bool {
        transport.render(chunk.text).count <= 1
    }

    /// The nonce of a label that goes ahead as a message of its own.
    static func nonce(from nonce: String) -> String { "l" + nonce.suffix(24) }

    /// A nonce for a row whose first message is gone: under the old one a platform would give that message back.
    static func renewed(_ nonce: String) -> String { "r" + nonce.suffix(24) }
}
