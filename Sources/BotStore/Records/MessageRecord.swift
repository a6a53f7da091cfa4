import BotCore
import GRDB

/// Reads messages of the log from rows.
enum MessageRecord {
    /// The columns in the order that `message(_:)` reads.
    static let columns = "sessionID, seq, epoch, role, text, speaker, tokens, tokenizer, model, createdAt, metadata"

    /// A message's row id: a session's messages lie together.
    static func id(_ session: SessionID, _ seq: Int64) -> Int64 { session.rawValue << 32 + seq }

    static func message(_ row: Row) throws -> SessionMessage {
        let role: String = row[3]
        guard let role = Role(rawValue: role) else { throw StoreError.failed("a stored message has an unknown role") }
        return SessionMessage(
            session: SessionID(row[0]), seq: row[1], epoch: row[2], role: role, text: row[4], speaker: row[5],
            tokens: row[6], tokenizer: row[7], model: row[8], createdAt: Timestamp(rawValue: row[9]),
            metadata: try JSONText.decode(row[10]))
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
