import BotCore
import BotSessions

/// A session as the API shows it, in the guide's spelling. Times are milliseconds since 1970.
struct SessionBody: Encodable {
    let id: Int64
    let session_id: String
    let conversation_id: Int64
    let interface_type: String
    let external_user_id: String
    let external_chat_id: String
    let messages: [MessageBody]
    let summaries: [SummaryBody]
    let state: [String: JSONValue]
    let total_tokens: Int
    let input_tokens: Int
    let output_tokens: Int
    let token_limit: Int
    let last_active_at: Int64
    let created_at: Int64
    let expires_at: Int64
    let is_active: Int
    let message_count: Int
    let tool_calls_count: Int
    let error_count: Int
    let metadata: [String: JSONValue]

    init(_ session: Session, messages: [SessionMessage]) {
        id = session.id.rawValue
        session_id = "conversation:\(session.conversation)"
        conversation_id = session.conversation.rawValue
        interface_type = session.interfaceType
        external_user_id = session.externalUserID
        external_chat_id = session.externalChatID
        self.messages = messages.map(MessageBody.init)
        summaries = []
        state = session.state
        total_tokens = session.totalTokens
        input_tokens = session.inputTokens
        output_tokens = session.outputTokens
        token_limit = session.tokenLimit
        last_active_at = session.lastActiveAt.rawValue
        created_at = session.createdAt.rawValue
        expires_at = session.expiresAt.rawValue
        is_active = session.isActive ? 1 : 0
        message_count = session.messageCount
        tool_calls_count = session.toolCalls
        error_count = session.errors
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
        metadata = message.metadata.isEmpty ? nil : message.metadata
    }
}

/// A summary of a session as the API shows it.
struct SummaryBody: Encodable {
    let text: String
    let messages_summarized: Int
    let created_at: Int64
    let tokens: Int
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
    let total_sessions: Int
    let active_sessions: Int
    let total_messages: Int
    let total_tokens: Int
    let average_session_length: Double
    let sessions_by_interface: [String: Int]
    let cacheSize: Int
    let cacheHits: Int
    let cacheMisses: Int
    let total_tool_calls: Int
    let total_errors: Int

    init(_ statistics: SessionStatistics) {
        let store = statistics.store
        total_sessions = store.totalSessions
        active_sessions = store.activeSessions
        total_messages = store.totalMessages
        total_tokens = store.totalTokens
        average_session_length =
            store.activeSessions == 0 ? 0 : Double(store.activeMessages) / Double(store.activeSessions)
        sessions_by_interface = store.activeByInterface.filter { $0.value > 0 }
        cacheSize = statistics.cachedSessions
        cacheHits = statistics.cacheHits
        cacheMisses = statistics.cacheMisses
        total_tool_calls = store.toolCalls
        total_errors = store.errors
    }
}
