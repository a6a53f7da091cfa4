/// A message of the append-only log, before it has its number.
package struct MessageDraft: Sendable, Equatable {
    package let role: Role
    package let text: String
    /// The speaker's cleaned display name, in shared chats.
    package let speaker: String?
    /// The tokens of the text, and of the names and arguments of the tool calls, and the tokenizer that counted them.
    package let tokens: Int
    package let tokenizer: String
    /// Unique in its session: a second append with it changes nothing.
    package let externalID: String?
    /// The model that wrote it, as `openai/gpt-5` or `offline`.
    package let model: String?
    package let metadata: [String: JSONValue]
    /// The tools that an assistant's message calls.
    package let toolCalls: [ToolCall]
    /// The call whose result a tool's message is.
    package let toolCallID: String?

    package init(
        role: Role, text: String, speaker: String? = nil, tokens: Int, tokenizer: String, externalID: String? = nil,
        model: String? = nil, metadata: [String: JSONValue] = [:], toolCalls: [ToolCall] = [], toolCallID: String? = nil
    ) {
        self.toolCalls = toolCalls
        self.toolCallID = toolCallID
        self.role = role
        self.text = text
        self.speaker = speaker
        self.tokens = tokens
        self.tokenizer = tokenizer
        self.externalID = externalID
        self.model = model
        self.metadata = metadata
    }
}

/// A message of the log. It never changes; only erasing a chat or retention deletes it.
package struct SessionMessage: Sendable, Equatable {
    /// The member of `metadata` that says where what came with the message can be loaded from. It is for the bot alone.
    package static let mediaKey = "mybot.media"

    package let session: SessionID
    /// Its number in the session, from 1 without gaps.
    package let seq: Int64
    package let epoch: Int64
    package let role: Role
    package let text: String
    package let speaker: String?
    package let tokens: Int
    package let tokenizer: String
    package let model: String?
    package let createdAt: Timestamp
    package let metadata: [String: JSONValue]
    /// The tools that an assistant's message calls.
    package let toolCalls: [ToolCall]
    /// The call whose result a tool's message is.
    package let toolCallID: String?

    package init(
        session: SessionID, seq: Int64, epoch: Int64, role: Role, text: String, speaker: String?, tokens: Int,
        tokenizer: String, model: String?, createdAt: Timestamp, metadata: [String: JSONValue],
        toolCalls: [ToolCall] = [], toolCallID: String? = nil
    ) {
        self.toolCalls = toolCalls
        self.toolCallID = toolCallID
        self.session = session
        self.seq = seq
        self.epoch = epoch
        self.role = role
        self.text = text
        self.speaker = speaker
        self.tokens = tokens
        self.tokenizer = tokenizer
        self.model = model
        self.createdAt = createdAt
        self.metadata = metadata
    }
}
