import BotCore
import GRDB

/// Steps of transactions that concern a session and its log.
enum SessionLog {
    private static let sessionWithIndex = "SELECT \(SessionRecord.columns), indexedSeq FROM session WHERE id = ?"

    /// The conversation's session, made if there is none, woken if it is inactive.
    static func open(_ draft: SessionDraft, at now: Timestamp, _ db: Database) throws -> Session {
        if let session = try SessionRecord.fetch(of: draft.conversation, db) {
            if session.isActive { return session }
            return try changed(
                db.row(
                    """
                    UPDATE session SET isActive = 1, lastActiveAt = :now, activeMinute = :now / 60000
                    WHERE id = ? RETURNING \(SessionRecord.columns)
                    """, [now.rawValue, session.id.rawValue]))
        }
        let conversation = try makeConversation(draft.conversation, db)
        return try changed(
            db.row(
                """
                INSERT INTO session (conversationID, interfaceType, externalUserID, externalChatID, tokenLimit,
                    createdAt, lastActiveAt, activeMinute, expiresAfter, state, metadata)
                VALUES (?, ?, ?, ?, ?, :now, :now, :now / 60000, ?, ?, ?) RETURNING \(SessionRecord.columns)
                """,
                [
                    conversation, draft.interfaceType, draft.externalUserID, draft.externalChatID, draft.tokenLimit,
                    now.rawValue, draft.expiresAfter.milliseconds, try JSONText.encode(draft.state),
                    try JSONText.encode(draft.metadata),
                ]))
    }

    /// Adds a message with the next number, counts it, sees to its being indexed, and moves the session's expiry.
    ///
    /// The session must exist. Messages of the user are input, all others are output.
    static func append(
        _ entry: LogEntry, to session: SessionID, turn: TurnID? = nil, at now: Timestamp, _ db: Database
    ) throws -> (session: Session, message: SessionMessage) {
        guard let appended = try appendIfThere(entry, to: session, turn: turn, at: now, db) else {
            throw StoreError.failed("the session is gone")
        }
        return appended
    }

    /// As `append`; nil where the session does not exist.
    ///
    /// It reads the session and then updates it: for RETURNING SQLite makes a temporary table each time.
    static func appendIfThere(
        _ entry: LogEntry, to session: SessionID, turn: TurnID? = nil, at now: Timestamp, _ db: Database
    ) throws -> (session: Session, message: SessionMessage)? {
        guard let row = try db.row(sessionWithIndex, [session.rawValue]) else { return nil }
        var session = try SessionRecord.session(row)
        let draft = entry.draft
        session.headSeq += 1
        session.messageCount += 1
        if draft.role == .user { session.inputTokens += draft.tokens } else { session.outputTokens += draft.tokens }
        session.coverage.liveMessages += 1
        session.coverage.liveTokens += draft.tokens
        if !session.isActive || now.minute != session.lastActiveAt.minute {
            // By itself and seldom, for it writes the index of active sessions.
            try db.run(
                "UPDATE session SET isActive = 1, activeMinute = ? WHERE id = ?", [now.minute, session.id.rawValue])
        }
        session.isActive = true
        session.lastActiveAt = now
        try db.run(
            """
            UPDATE session SET headSeq = ?, messageCount = ?, inputTokens = ?, outputTokens = ?, liveCount = ?,
                liveTokens = ?, lastActiveAt = ?
            WHERE id = ?
            """,
            [
                session.headSeq, session.messageCount, session.inputTokens, session.outputTokens,
                session.coverage.liveMessages, session.coverage.liveTokens, now.rawValue, session.id.rawValue,
            ])
        let message = SessionMessage(
            session: session.id, seq: session.headSeq, epoch: session.epoch, role: draft.role, text: entry.text,
            speaker: draft.speaker, tokens: draft.tokens, tokenizer: draft.tokenizer, model: draft.model,
            createdAt: now, metadata: draft.metadata, toolCalls: draft.toolCalls, toolCallID: draft.toolCallID)
        let id = MessageRecord.id(session.id, message.seq)
        try db.run(
            """
            INSERT INTO message (id, sessionID, seq, epoch, turnID, role, tokens, createdAt, externalID, speaker,
                tokenizer, model, toolCallID, text, tools, metadata)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                id, session.id.rawValue, message.seq, message.epoch, turn?.rawValue, message.role.rawValue,
                message.tokens, now.rawValue, entry.externalID, message.speaker, message.tokenizer, message.model,
                message.toolCallID, entry.text, entry.tools, entry.metadata,
            ])
        try SearchIndex.take(entry, session, indexedSeq: row[30], db)
        return (session, message)
    }

    /// Stores what a change of what is shown has made of a session, and raises its revision.
    static func show(_ session: Session, _ db: Database) throws -> Session {
        let coverage = session.coverage
        return try changed(
            db.row(
                """
                UPDATE session SET revision = revision + 1, epoch = ?, floorSeq = ?, messageCount = ?, inputTokens = ?,
                    outputTokens = ?, checkpointID = ?, summaryTokens = ?, coveredSeq = ?, liveCount = ?,
                    liveTokens = ?, nextSummaryAt = ?, summaries = ?, isActive = ?, lastActiveAt = :now,
                    activeMinute = :now / 60000
                WHERE id = ? RETURNING \(SessionRecord.columns)
                """,
                [
                    session.epoch, session.floorSeq, session.messageCount, session.inputTokens, session.outputTokens,
                    coverage.checkpoint?.rawValue, coverage.summaryTokens, coverage.seq, coverage.liveMessages,
                    coverage.liveTokens, coverage.nextSummaryAt, session.summaries, session.isActive,
                    session.lastActiveAt.rawValue, session.id.rawValue,
                ]))
    }

    /// The session that an UPDATE or INSERT with RETURNING gave back.
    static func changed(_ row: StoredRow?) throws -> Session {
        guard let row else { throw StoreError.failed("the session is gone") }
        return try SessionRecord.session(row)
    }

    private static func makeConversation(
        _ conversation: SessionDraft.Conversation, _ db: Database
    ) throws -> Int64 {
        switch conversation {
        case .key(let key):
            // AUTOINCREMENT was seeded with 2^32 - 1, so platforms number from 2^32 and never use a number again.
            return try db.number("INSERT INTO conversation (key) VALUES (?) RETURNING id", [key.description])
        case .number(let id):
            guard id < .firstOfPlatforms else {
                throw StoreError.failed("no conversation has this number, and numbers from 2^32 on are the platforms'")
            }
            try db.run("INSERT INTO conversation (id) VALUES (?)", [id.rawValue])
            return id.rawValue
        }
    }
}

extension Timestamp {
    /// The minute, as `activeMinute` of a session has it.
    fileprivate var minute: Int64 { rawValue / 60_000 }
}
