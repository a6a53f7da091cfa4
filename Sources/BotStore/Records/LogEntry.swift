import BotCore

/// A message as the log takes it: with what takes long to make of it made before its transaction, where everybody else would wait for it.
struct LogEntry: Sendable {
    let draft: MessageDraft
    /// The text as it is stored.
    let text: String
    let metadata: String
    let tools: String?
    /// Whether its text is too long to wait for being indexed.
    let isLong: Bool
    /// A long text as it is searched; a short one may never be asked for.
    private let longIndexed: String?
    var externalID: String?

    /// The text as it is searched; nil for a message that is not.
    var indexed: String? { isLong ? longIndexed : SearchIndex.indexed(draft.role, text) }

    init(_ draft: MessageDraft) throws {
        self.draft = draft
        text = draft.text.storable
        metadata = try JSONText.encode(draft.metadata)
        tools = try JSONText.encode(draft.toolCalls)
        isLong = text.utf8.count >= SearchIndex.longText
        longIndexed = isLong ? SearchIndex.indexed(draft.role, text) : nil
        externalID = draft.externalID
    }
}
