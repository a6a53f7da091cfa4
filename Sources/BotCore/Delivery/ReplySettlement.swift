/// Which row of a finished reply takes which of its messages. Its previews may have opened more rows than there are messages,
/// or fewer; and a message of text cannot become one with a file. Pure, so that all stores agree.
package struct ReplySettlement: Sendable, Equatable {
    /// Rows that were open, with what they are to show.
    package let kept: [OutboxRow]
    /// Rows for which nothing is left: what stands of them is taken away.
    package let surplus: [OutboxRow]
    /// Messages that need rows of their own, in order.
    package let added: [RenderedChunk]

    /// - Parameters:
    ///   - open: the rows of the reply that are still in the making, in order.
    ///   - chunks: the whole reply.
    package init(open: [OutboxRow], chunks: [RenderedChunk]) {
        var kept: [OutboxRow] = []
        for (row, chunk) in zip(open, chunks) {
            let mayStand = row.messageID != nil || row.isDoubtful
            if chunk.file != nil, mayStand { break }
            var row = row
            row.payload = chunk
            kept.append(row)
        }
        self.kept = kept
        surplus = Array(open.dropFirst(kept.count))
        added = Array(chunks.dropFirst(kept.count))
    }
}
