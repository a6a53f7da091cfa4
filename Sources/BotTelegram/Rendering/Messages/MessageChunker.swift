/// Cuts a formatted text into messages that Telegram takes ("sendMessage": 4096 characters after entities parsing, which
/// are Unicode scalars, and 100 entities).
///
/// A cut is never inside a character as people see it, nor inside a link, an address or short code, unless that alone is
/// longer than a message. It prefers the end of a paragraph, then of a line, of a sentence, of a word. What lies across a
/// cut is closed and opened again. Only white space at cuts is lost. A message stays far below Telegram's 32,768 bytes,
/// because a scalar has at most four.
struct MessageChunker {
    /// The most Unicode scalars of a message.
    var maxScalars = 4096
    /// The most entities of a message.
    var maxEntities = 100

    /// The messages, in order; none when nothing can be seen in the text.
    func chunks(of text: FormattedText) -> [FormattedText] {
        var cutter = ChunkCutter(text, maxScalars: maxScalars, maxEntities: maxEntities)
        var chunks: [FormattedText] = []
        while let chunk = cutter.next() { chunks.append(chunk) }
        return chunks
    }
}
