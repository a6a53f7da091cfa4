import BotCore
import GRDB

/// Reads messages of the log from rows.
enum MessageRecord {
    /// The columns in the order that `message(_:)` reads.
    static let columns = """
        sessionID, seq, epoch, role, text, speaker, tokens, tokenizer, model, createdAt, metadata, tools, toolCallID
        """

    /// Whether no range that was taken back holds a row of `message`: the last that begins before it has ended before it.
    static let isShown = """
        coalesce((
            SELECT toSeq FROM hidden WHERE hidden.sessionID = message.sessionID AND hidden.fromSeq <= message.seq
            ORDER BY hidden.fromSeq DESC LIMIT 1), 0) < message.seq
        """

    /// A message's row id: a session's messages lie together.
    static func id(_ session: SessionID, _ seq: Int64) -> Int64 { session.rawValue << 32 + seq }

    static func session(of id: Int64) -> SessionID { SessionID(id >> 32) }

    static func message(_ row: StoredRow) throws -> SessionMessage {
        let role: String = row[3]
        guard let role = Role(rawValue: role) else { throw StoreError.failed("a stored message has an unknown role") }
        return SessionMessage(
            session: SessionID(row[0]), seq: row[1], epoch: row[2], role: role, text: row[4], speaker: row[5],
            tokens: row[6], tokenizer: row[7], model: row[8], createdAt: Timestamp(rawValue: row[9]),
            metadata: try JSONText.decode(row[10]), toolCalls: try JSONText.decodeTools(row[11]), toolCallID: row[12])
    }

    static func fetch(_ session: SessionID, seq: Int64, _ db: Database) throws -> SessionMessage? {
        try db.row("SELECT \(columns) FROM message WHERE id = ?", [id(session, seq)]).map(message)
    }

    static func fetch(_ session: SessionID, externalID: String, _ db: Database) throws -> SessionMessage? {
        try db.row(
            "SELECT \(columns) FROM message WHERE sessionID = ? AND externalID = ?", [session.rawValue, externalID]
        ).map(message)
    }
}
