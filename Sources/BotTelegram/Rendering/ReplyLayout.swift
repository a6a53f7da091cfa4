import BotCore

/// How a reply stands in a chat: as messages of text, and as files where that would be too much to read in messages.
///
/// A code block that would fill more than two messages by itself is a file; the text goes on around it. A reply that would still
/// be more than ten messages is a file as a whole, behind its first three messages.
struct ReplyLayout {
    var chunker = MessageChunker()
    /// The most messages that a code block fills before it becomes a file.
    var messagesOfCode = 2
    /// The most messages of a reply.
    var maxMessages = 10
    /// How many messages show the beginning of a reply that is a file.
    var headMessages = 3
    /// How much of an unfinished reply is looked at, in Unicode scalars: some more than the most messages hold.
    var previewLimit = 60_000

    /// The messages of a whole reply, in order; none when nothing of it can be seen. The first one has no file.
    func messages(of reply: String) -> [RenderedChunk] {
        let text = MarkdownRenderer.render(reply)
        let messages = pieces(of: text)
        if messages.count <= maxMessages { return messages }
        let head = chunker.chunks(of: text).prefix(headMessages).map(\.renderedChunk)
        let file = ReplyFile(name: "answer.md", mediaType: "text/markdown", content: reply)
        return head + [RenderedChunk(text: "The answer is long: all of it is in this file.", file: file)]
    }

    /// The messages of an unfinished reply. Files come with the whole reply.
    func preview(of partialReply: String) -> [RenderedChunk] {
        let head = String(partialReply.unicodeScalars.prefix(previewLimit))
        return pieces(of: MarkdownRenderer.render(head, isUnfinished: true)).filter { $0.file == nil }
    }

    private func pieces(of text: FormattedText) -> [RenderedChunk] {
        var messages: [RenderedChunk] = []
        var start = 0
        var files = 0
        for block in text.entities where block.type == .pre && isLong(block, in: text) {
            let code = text.part(in: block.offset..<block.end).text
            files += 1
            let file = CodeFile.file(of: code, language: block.language, number: files)
            var before = text.part(in: start..<block.offset)
            before.append("(The code is long, so it comes as a file: \(file.name))")
            messages += chunker.chunks(of: before).map(\.renderedChunk)
            messages.append(RenderedChunk(text: CodeFile.caption(of: code), file: file))
            start = block.end
        }
        let rest = start == 0 ? text : text.part(in: start..<text.text.utf16.count)
        return messages + chunker.chunks(of: rest).map(\.renderedChunk)
    }

    private func isLong(_ block: MessageEntity, in text: FormattedText) -> Bool {
        let most = messagesOfCode * chunker.maxScalars
        // No text has more scalars than UTF-16 code units.
        guard block.length > most else { return false }
        return text.part(in: block.offset..<block.end).text.unicodeScalars.count > most
    }
}

extension FormattedText {
    /// What lies in a range of UTF-16 code units that begins and ends between scalars.
    func part(in range: Range<Int>) -> FormattedText {
        let start = text.utf16.index(text.startIndex, offsetBy: range.lowerBound)
        let end = text.utf16.index(start, offsetBy: range.count)
        let inside = unbreakable.map { $0.clamped(to: range) }.filter { !$0.isEmpty }
        return FormattedText(
            text: String(text[start..<end]), entities: entities.compactMap { $0.part(in: range) },
            unbreakable: inside.map { $0.lowerBound - range.lowerBound..<$0.upperBound - range.lowerBound })
    }

    /// Adds a paragraph of plain text in place of white space at the end.
    mutating func append(_ paragraph: String) {
        guard let last = text.lastIndex(where: { $0.unicodeScalars.contains(where: \.isVisible) }) else {
            self = FormattedText(text: paragraph)
            return
        }
        self = part(in: 0..<text.utf16.distance(from: text.startIndex, to: text.index(after: last)))
        text += "\n\n" + paragraph
    }
}
