import BotCore
import GRDB

/// Reads sessions from rows.
enum SessionRecord {
    /// The columns in the order that `session(_:)` reads; usable in SELECT and in RETURNING.
    static let columns = """
        id, conversationID, (SELECT key FROM conversation WHERE conversation.id = session.conversationID), \
        interfaceType, externalUserID, externalChatID, epoch, headSeq, floorSeq, messageCount, inputTokens, \
        outputTokens, tokenLimit, toolCalls, errors, isActive, createdAt, lastActiveAt, expiresAfter, state, metadata, \
        revision, checkpointID, summaryTokens, coveredSeq, liveCount, liveTokens, nextSummaryAt, summaries, \
        chosenModel
        """

    // Put together once, since each message asks for its session.
    private static let byID = "SELECT \(columns) FROM session WHERE id = ?"
    private static let byConversation = "SELECT \(columns) FROM session WHERE conversationID = ?"
    private static let byKey =
        "SELECT \(columns) FROM session WHERE conversationID = (SELECT id FROM conversation WHERE key = ?)"

    static func session(_ row: StoredRow) throws -> Session {
        Session(
            id: SessionID(row[0]), conversation: ConversationID(row[1]), key: try key(row[2]), interfaceType: row[3],
            externalUserID: row[4], externalChatID: row[5], epoch: row[6], headSeq: row[7], floorSeq: row[8],
            messageCount: row[9], inputTokens: row[10], outputTokens: row[11], tokenLimit: row[12],
            toolCalls: row[13], errors: row[14], isActive: row[15], createdAt: Timestamp(rawValue: row[16]),
            lastActiveAt: Timestamp(rawValue: row[17]), expiresAfter: .milliseconds(row[18] as Int64),
            state: try JSONText.decode(row[19]), metadata: try JSONText.decode(row[20]),
            revision: row[21], coverage: coverage(row, from: 22), summaries: row[28], chosenModel: row[29])
    }

    /// Reads the six columns of a coverage: `checkpointID, summaryTokens, coveredSeq, liveCount, liveTokens, nextSummaryAt`.
    static func coverage(_ row: StoredRow, from index: Int) -> Coverage {
        Coverage(
            checkpoint: (row[index] as Int64?).map { CheckpointID($0) }, summaryTokens: row[index + 1],
            seq: row[index + 2], liveMessages: row[index + 3], liveTokens: row[index + 4],
            nextSummaryAt: row[index + 5])
    }

    /// Reads a conversation's stored key.
    static func key(_ text: String?) throws -> ConversationKey? {
        guard let text else { return nil }
        guard let key = ConversationKey(text) else { throw StoreError.failed("a stored conversation key is malformed") }
        return key
    }

    static func fetch(_ id: SessionID, _ db: Database) throws -> Session? {
        try db.row(byID, [id.rawValue]).map(session)
    }

    static func fetch(of conversation: ConversationID, _ db: Database) throws -> Session? {
        try db.row(byConversation, [conversation.rawValue]).map(session)
    }

    static func fetch(of key: ConversationKey, _ db: Database) throws -> Session? {
        try db.row(byKey, [key.description]).map(session)
    }

    static func fetch(of conversation: SessionDraft.Conversation, _ db: Database) throws -> Session? {
        switch conversation {
        case .key(let key): try fetch(of: key, db)
        case .number(let id): try fetch(of: id, db)
        }
    }
}
