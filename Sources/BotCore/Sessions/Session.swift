/// A conversation's session: identity, counters and where its context begins. One conversation has one session for ever.
package struct Session: Sendable, Equatable {
    package let id: SessionID
    package let conversation: ConversationID
    /// The platform's conversation; nil for one that a caller of the REST API numbered.
    package var key: ConversationKey?
    package let interfaceType: String
    package let externalUserID: String
    package var externalChatID: String
    /// Raised by each reset: what was begun under another epoch can no longer commit. Taking a reset back leaves it, so that
    /// a turn which was begun after the reset still commits.
    package var epoch: Int64
    /// Raised by all that changes what of the log is shown, other than by adding to it: a reset, a summary, and taking one of these or an
    /// exchange back. Work that was begun under another revision and rests on it can no longer commit.
    package var revision: Int64
    /// The number of the newest message; messages are numbered 1, 2, 3, ... without gaps.
    package var headSeq: Int64
    /// Messages up to this number were cleared by a reset; the context begins after it.
    package var floorSeq: Int64
    /// What of the log the summary covers.
    package var coverage: Coverage
    /// Messages after `floorSeq` that were not taken back, and their tokens by role: the user's are input, the rest is output.
    package var messageCount: Int
    package var inputTokens: Int
    package var outputTokens: Int
    package var tokenLimit: Int
    package var toolCalls: Int
    package var errors: Int
    /// How many summaries were made of it.
    package var summaries: Int
    package var isActive: Bool
    package let createdAt: Timestamp
    package var lastActiveAt: Timestamp
    /// How long after the last activity the session expires.
    package let expiresAfter: Duration
    package var state: [String: JSONValue]
    package var metadata: [String: JSONValue]
    /// The model that was chosen for it, by its name in `ModelDirectory.choices`, which may have lost it since; nil when none was.
    package var chosenModel: String?

    /// The entry of the person whose session it is, as `telegram:123`; nil where several share it, and for those of the REST API.
    package var payer: String? { key == nil || externalUserID.isEmpty ? nil : "\(interfaceType):\(externalUserID)" }

    package var totalTokens: Int { inputTokens + outputTokens }
    package var expiresAt: Timestamp { lastActiveAt + expiresAfter }

    package init(
        id: SessionID, conversation: ConversationID, key: ConversationKey?, interfaceType: String,
        externalUserID: String, externalChatID: String, epoch: Int64, headSeq: Int64, floorSeq: Int64,
        messageCount: Int, inputTokens: Int, outputTokens: Int, tokenLimit: Int, toolCalls: Int, errors: Int,
        isActive: Bool, createdAt: Timestamp, lastActiveAt: Timestamp, expiresAfter: Duration,
        state: [String: JSONValue], metadata: [String: JSONValue], revision: Int64 = 0, coverage: Coverage? = nil,
        summaries: Int = 0, chosenModel: String? = nil
    ) {
        self.chosenModel = chosenModel
        self.revision = revision
        self.coverage =
            coverage
            ?? Coverage(seq: floorSeq, liveMessages: messageCount, liveTokens: inputTokens + outputTokens)
        self.summaries = summaries
        self.id = id
        self.conversation = conversation
        self.key = key
        self.interfaceType = interfaceType
        self.externalUserID = externalUserID
        self.externalChatID = externalChatID
        self.epoch = epoch
        self.headSeq = headSeq
        self.floorSeq = floorSeq
        self.messageCount = messageCount
        self.inputTokens = inputTokens
        self.outputTokens = outputTokens
        self.tokenLimit = tokenLimit
        self.toolCalls = toolCalls
        self.errors = errors
        self.isActive = isActive
        self.createdAt = createdAt
        self.lastActiveAt = lastActiveAt
        self.expiresAfter = expiresAfter
        self.state = state
        self.metadata = metadata
    }
}

/// What a session is made of when its conversation has none yet.
package struct SessionDraft: Sendable, Equatable {
    /// Which conversation: a platform's, or one that a caller of the REST API numbered (below 2^32).
    package enum Conversation: Sendable, Equatable {
        case key(ConversationKey)
        case number(ConversationID)
    }

    package var conversation: Conversation
    package var interfaceType: String
    package var externalUserID: String
    package var externalChatID: String
    package var tokenLimit: Int
    package var expiresAfter: Duration
    package var state: [String: JSONValue]
    package var metadata: [String: JSONValue]

    package init(
        conversation: Conversation, interfaceType: String, externalUserID: String, externalChatID: String,
        tokenLimit: Int, expiresAfter: Duration, state: [String: JSONValue] = [:], metadata: [String: JSONValue] = [:]
    ) {
        self.conversation = conversation
        self.interfaceType = interfaceType
        self.externalUserID = externalUserID
        self.externalChatID = externalChatID
        self.tokenLimit = tokenLimit
        self.expiresAfter = expiresAfter
        self.state = state
        self.metadata = metadata
    }
}
