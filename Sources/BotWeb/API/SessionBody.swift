import BotCore
import BotSessions

/// A session as the API shows it, in the guide's spelling. Times are milliseconds since 1970.
struct SessionBody: Encodable {
    let id: Int64
    let sessionID: String
    let conversationID: Int64
    let interfaceType: String
    let externalUserID: String
    let externalChatID: String
    let messages: [MessageBody]
    let summaries: [SummaryBody]
    let state: [String: JSONValue]
    let totalTokens: Int
    let inputTokens: Int
    let outputTokens: Int
    let tokenLimit: Int
    let lastActiveAt: Int64
    let createdAt: Int64
    let expiresAt: Int64
    let isActive: Int
    let messageCount: Int
    let toolCallsCount: Int
    let errorCount: Int
    let metadata: [String: JSONValue]

    private enum CodingKeys: String, CodingKey {
        case id, messages, summaries, state, metadata
        case sessionID = "session_id"
        case conversationID = "conversation_id"
        case interfaceType = "interface_type"
        case externalUserID = "external_user_id"
        case externalChatID = "external_chat_id"
        case totalTokens = "total_tokens"
        case inputTokens = "input_tokens"
        case outputTokens = "output_tokens"
        case tokenLimit = "token_limit"
        case lastActiveAt = "last_active_at"
        case createdAt = "created_at"
        case expiresAt = "expires_at"
        case isActive = "is_active"
        case messageCount = "message_count"
        case toolCallsCount = "tool_calls_count"
        case errorCount = "error_count"
    }

    /// - Parameters:
    ///   - messages: those that the summary does not cover.
    ///   - summary: the one that the session stands on.
    init(_ session: Session, messages: [SessionMessage], summary: Checkpoint?) {
        id = session.id.rawValue
        sessionID = "conversation:\(session.conversation)"
        conversationID = session.conversation.rawValue
        interfaceType = session.interfaceType
        externalUserID = session.externalUserID
        externalChatID = session.externalChatID
        self.messages = messages.map(MessageBody.init)
        summaries = summary.map { [SummaryBody($0, of: session)] } ?? []
        state = session.state
        totalTokens = session.totalTokens
        inputTokens = session.inputTokens
        outputTokens = session.outputTokens
        tokenLimit = session.tokenLimit
        lastActiveAt = session.lastActiveAt.rawValue
        createdAt = session.createdAt.rawValue
        expiresAt = session.expiresAt.rawValue
        isActive = session.isActive ? 1 : 0
        messageCount = session.messageCount
        toolCallsCount = session.toolCalls
        errorCount = session.errors
        metadata = session.metadata
    }
}

/// A message of a session as the API shows it.
struct MessageBody: Encodable {
    let role: String
    let content: String
    let timestamp: Int64
    let tokens: Int
    let metadata: [String: JSONValue]?

    init(_ message: SessionMessage) {
        role = message.role.rawValue
        content = message.text
        timestamp = message.createdAt.rawValue
        tokens = message.tokens
        // Where pictures and files can be loaded from is the bot's own business.
        let shown = message.metadata.filter { $0.key != SessionMessage.mediaKey }
        metadata = shown.isEmpty ? nil : shown
    }
}

/// A summary of a session as the API shows it.
struct SummaryBody: Encodable {
    let text: String
    let messagesSummarized: Int
    let createdAt: Int64
    let tokens: Int

    private enum CodingKeys: String, CodingKey {
        case text, tokens
        case messagesSummarized = "messages_summarized"
        case createdAt = "created_at"
    }

    init(_ summary: Checkpoint, of session: Session) {
        text = summary.text
        messagesSummarized = session.messageCount - session.coverage.liveMessages
        createdAt = summary.createdAt.rawValue
        tokens = summary.tokens
    }
}

/// A context as the API shows it.
struct ContextBody: Encodable {
    struct Message: Encodable {
        let role: String
        let content: String
    }

    let messages: [Message]
    let totalTokens: Int
    let hasSummaries: Bool

    init(_ context: SessionContext) {
        messages = context.messages.map { Message(role: $0.role.rawValue, content: $0.content) }
        totalTokens = context.totalTokens
        hasSummaries = context.hasSummaries
    }
}

/// The statistics as the API shows them.
struct StatisticsBody: Encodable {
    let totalSessions: Int
    let activeSessions: Int
    let totalMessages: Int
    let totalTokens: Int
    let averageSessionLength: Double
    let sessionsByInterface: [String: Int]
    let cacheSize: Int
    let cacheHits: Int
    let cacheMisses: Int
    let summaries: Int
    let totalToolCalls: Int
    let totalErrors: Int

    private enum CodingKeys: String, CodingKey {
        case cacheSize, summaries
        case cacheHits = "cache_hits"
        case cacheMisses = "cache_misses"
        case totalSessions = "total_sessions"
        case activeSessions = "active_sessions"
        case totalMessages = "total_messages"
        case totalTokens = "total_tokens"
        case averageSessionLength = "average_session_length"
        case sessionsByInterface = "sessions_by_interface"
        case totalToolCalls = "total_tool_calls"
        case totalErrors = "total_errors"
    }

    init(_ statistics: SessionStatistics) {
        let store = statistics.store
        totalSessions = store.totalSessions
        activeSessions = store.activeSessions
        totalMessages = store.totalMessages
        totalTokens = store.totalTokens
        averageSessionLength =
            store.activeSessions == 0 ? 0 : Double(store.activeMessages) / Double(store.activeSessions)
        sessionsByInterface = store.activeByInterface.filter { $0.value > 0 }
        cacheSize = statistics.cachedSessions
        cacheHits = statistics.cacheHits
        cacheMisses = statistics.cacheMisses
        summaries = store.summaries
        totalToolCalls = store.toolCalls
        totalErrors = store.errors
    }
}
