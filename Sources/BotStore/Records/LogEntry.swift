import BotCore

/// A message as the log takes it: with all that can be made of it before its transaction, where everybody else would wait for it.
struct LogEntry: Sendable {
    let draft: MessageDraft
    /// The text as it is stored.
    let text: String
    let metadata: String
    let tools: String?
    /// The text as it is searched; nil for a message that is not.
    let indexed: String?
    var externalID: String?

    init(_ draft: MessageDraft) throws {
        self.draft = draft
        text = draft.text.storable
        metadata = try JSONText.encode(draft.metadata)
        tools = try JSONText.encode(draft.toolCalls)
        indexed = SearchIndex.indexed(draft.role, text)
        externalID = draft.externalID
    }
}
