import BotCore
import GRDB

/// Adds what was said in a session to an older one of the same chat, and lets the newer one go: a message from the chat's new name came
/// before the word that the chat has moved.
struct SessionJoining {
    let older: Session
    let newer: Session
    let now: Timestamp

    func run(_ db: Database) throws {
        // A reset there was meant for all that the chat remembers.
        let reset = CommandRequest(conversation: .number(older.conversation), event: nil, at: now)
        let session = newer.epoch > 1 ? try SQLiteStore.clear(older, reset, db) : older
        let numbers = try copyMessages(db)
        try moveTurns(numbers, to: session, db)
        try db.run(
            "UPDATE usage SET sessionID = ? WHERE sessionID = ?", [session.id.rawValue, newer.id.rawValue])
        try db.run(
            """
            UPDATE session SET toolCalls = toolCalls + ?, errors = errors + ?, chosenModel = coalesce(chosenModel, ?)
            WHERE id = ?
            """, [newer.toolCalls, newer.errors, newer.chosenModel, session.id.rawValue])
        try db.run("DELETE FROM session WHERE id = ?", [newer.id.rawValue])
        try db.run("DELETE FROM conversation WHERE id = ?", [newer.conversation.rawValue])
        // What is left of it is deleted in steps.
        try db.run("INSERT INTO erasure (sessionID, lastOutboxID) VALUES (?, 0)", [newer.id.rawValue])
    }

    /// Adds the messages that are shown, with their times; returns their new numbers.
    private func copyMessages(_ db: Database) throws -> [Int64: Int64] {
        let rows = try db.rows(
            """
            SELECT \(MessageRecord.columns), externalID, turnID FROM message
            WHERE id > ? AND id <= ? AND \(MessageRecord.isShown) ORDER BY id
            """, [MessageRecord.id(newer.id, newer.floorSeq), MessageRecord.id(newer.id, newer.headSeq)])
        var numbers: [Int64: Int64] = [:]
        for row in rows {
            let message = try MessageRecord.message(row)
            var externalID: String? = row[13]
            if let known = externalID, try MessageRecord.fetch(older.id, externalID: known, db) != nil {
                externalID = nil
            }
            let draft = MessageDraft(
                role: message.role, text: message.text, speaker: message.speaker, tokens: message.tokens,
                tokenizer: message.tokenizer, externalID: externalID, model: message.model, metadata: message.metadata,
                toolCalls: message.toolCalls, toolCallID: message.toolCallID)
            let turn = (row[14] as Int64?).map { TurnID($0) }
            let appended = try SessionLog.append(
                LogEntry(draft), to: older.id, turn: turn, at: message.createdAt, db)
            numbers[message.seq] = appended.message.seq
        }
        return numbers
    }

    /// Turns that run go on, and commit into the older session.
    private func moveTurns(_ numbers: [Int64: Int64], to session: Session, _ db: Database) throws {
        let open = try db.rows(
            """
            SELECT \(TurnLog.Record.columns) FROM turn WHERE sessionID = ? AND status IN ('running', 'parked')
            """, [newer.id.rawValue]
        ).map(TurnLog.Record.init)
        for turn in open {
            guard let message = numbers[turn.userSeq] else {
                try TurnLog.end(turn.id, status: "superseded", at: now, db)
                try Inbox.end(of: turn.id, as: .dropped, db)
                continue
            }
            let replaced = turn.replacesTo.map { last in
                numbers.filter { $0.key <= last }.values.max() ?? message
            }
            try db.run(
                "UPDATE turn SET sessionID = ?, epoch = ?, userSeq = ?, replacesTo = ? WHERE id = ?",
                [session.id.rawValue, session.epoch, message, replaced, turn.id.rawValue])
        }
    }
}
