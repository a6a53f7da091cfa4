package import BotCore

/// What a session shows, in whole.
package struct SessionTranscript: Sendable {
    package let session: Session
    /// The summary of its older messages; nil when there is none.
    package let summary: Checkpoint?
    /// The messages since the last reset, oldest first.
    package let messages: [SessionMessage]
    /// How many more there are before them, for which there was no room.
    package let leftOut: Int
}

extension SessionManager {
    /// All messages that a session shows, whether a summary covers them or not, read page by page; nil when the session is no more.
    ///
    /// - Parameter maxBytes: the most bytes of texts that are returned; the newest are.
    package func transcript(of id: SessionID, maxBytes: Int) async throws(StoreError) -> SessionTranscript? {
        guard let session = try await store.session(id) else { return nil }
        var messages: [SessionMessage] = []
        var (bytes, first, last) = (0, 0, session.floorSeq)
        while true {
            let page = try await store.messages(of: id, after: last, limit: 500, maxBytes: 1 << 20)
            guard let end = page.last else { break }
            last = end.seq
            messages += page
            bytes += page.reduce(0) { $0 + $1.text.utf8.count }
            while bytes > maxBytes, first < messages.count - 1 {
                bytes -= messages[first].text.utf8.count
                first += 1
            }
        }
        return SessionTranscript(
            session: session, summary: try await checkpoint(of: session), messages: Array(messages[first...]),
            leftOut: first)
    }
}
