package import BotCore

/// What a session shows, in whole.
package struct SessionTranscript: Sendable {
    /// The summary of its older messages; nil when there is none.
    package let summary: Checkpoint?
    /// The messages since the last reset, oldest first.
    package let messages: [SessionMessage]
    /// How many more there are before them, for which there was no room.
    package let leftOut: Int
}

extension SessionManager {
    /// All messages that a session shows, whether a summary covers them or not, read page by page; nil when the session is no more. What has no
    /// room is let go of as it is read.
    ///
    /// - Parameters:
    ///   - maxBytes: the most bytes that are returned; the newest messages are, and one at least.
    ///   - overhead: what each message takes beside its text, in bytes.
    package func transcript(
        of id: SessionID, maxBytes: Int, overhead: Int
    ) async throws(StoreError) -> SessionTranscript? {
        guard let session = try await store.session(id) else { return nil }
        var messages: [SessionMessage] = []
        var (bytes, leftOut, last) = (0, 0, session.floorSeq)
        while true {
            let page = try await store.messages(of: id, after: last, limit: 500, maxBytes: 1 << 20)
            guard let end = page.last else { break }
            last = end.seq
            messages += page
            bytes += page.reduce(0) { $0 + $1.text.utf8.count + overhead }
            var surplus = 0
            while bytes > maxBytes, surplus < messages.count - 1 {
                bytes -= messages[surplus].text.utf8.count + overhead
                surplus += 1
            }
            messages.removeFirst(surplus)
            leftOut += surplus
        }
        return SessionTranscript(summary: try await checkpoint(of: session), messages: messages, leftOut: leftOut)
    }
}
