import BotCore
import GRDB

/// A stored summary, with what of the log it newly covers.
struct CheckpointRecord {
    /// The columns in the order that `init(_:)` reads.
    static let columns = """
        id, sessionID, baseID, fromSeq, toSeq, text, tokens, tokenizer, replacedTokens, model, round, createdAt, \
        messageCount, messageTokens
        """

    let checkpoint: Checkpoint
    /// The messages that it newly covers, and their tokens.
    let messages: Int
    let messageTokens: Int

    init(_ row: StoredRow) {
        checkpoint = Checkpoint(
            id: CheckpointID(row[0]), session: SessionID(row[1]), base: (row[2] as Int64?).map { CheckpointID($0) },
            fromSeq: row[3], toSeq: row[4], text: row[5], tokens: row[6], tokenizer: row[7], replacedTokens: row[8],
            author: (row[9] as String?).map { .model($0) } ?? .digest, round: row[10],
            createdAt: Timestamp(rawValue: row[11]))
        messages = row[12]
        messageTokens = row[13]
    }

    static func fetch(_ id: CheckpointID, _ db: Database) throws -> CheckpointRecord? {
        try db.row("SELECT \(columns) FROM checkpoint WHERE id = ?", [id.rawValue]).map(CheckpointRecord.init)
    }

    /// The checkpoint that a coverage stands on; nil when it stands on none.
    static func fetch(of coverage: Coverage, _ db: Database) throws -> CheckpointRecord? {
        guard let id = coverage.checkpoint else { return nil }
        guard let record = try fetch(id, db) else { throw StoreError.failed("the checkpoint of a session is missing") }
        return record
    }

    /// Stores a checkpoint.
    static func insert(
        _ draft: CheckpointDraft, covering messages: Int, _ messageTokens: Int, at now: Timestamp, _ db: Database
    ) throws -> Checkpoint {
        let model: String? = if case .model(let name) = draft.author { name } else { nil }
        let id = try db.number(
            """
            INSERT INTO checkpoint (sessionID, baseID, fromSeq, toSeq, text, tokens, tokenizer, replacedTokens, model,
                round, createdAt, messageCount, messageTokens)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id
            """,
            [
                draft.session.rawValue, draft.base?.rawValue, draft.fromSeq, draft.toSeq, draft.text.storable,
                draft.tokens, draft.tokenizer, draft.replacedTokens, model, draft.round, now.rawValue, messages,
                messageTokens,
            ])
        return Checkpoint(
            id: CheckpointID(id), session: draft.session, base: draft.base, fromSeq: draft.fromSeq, toSeq: draft.toSeq,
            text: draft.text.storable, tokens: draft.tokens, tokenizer: draft.tokenizer,
            replacedTokens: draft.replacedTokens, author: draft.author, round: draft.round, createdAt: now)
    }
}
