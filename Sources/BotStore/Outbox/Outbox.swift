import BotCore
import GRDB

/// Steps of transactions that concern rows of the outbox.
struct Outbox: Sendable {
    /// Whose nonces the rows have.
    let installation: InstallCode

    // MARK: - Making rows

    /// Opens the row of a reply's first message, or finds it again after a crash with the message that stands in the chat.
    func open(
        for turn: TurnID, in conversation: ConversationKey, address: ReplyAddress, _ db: Database
    ) throws -> OutboxRow {
        guard let known = try record(of: turn, db) else {
            return try insert(nil, origin: .turn(turn), chunk: 0, in: conversation, address: address, db)
        }
        if known.state != .making {
            // The chat could not be reached for a while, and the row was ended; it is wanted again.
            try db.run(
                """
                UPDATE outbox SET state = 'making', address = ?, text = NULL, markup = NULL, extras = NULL,
                    reason = NULL, endedAt = NULL
                WHERE id = ?
                """, [address.rawValue, known.row.id.rawValue])
        }
        guard let row = try record(of: turn, db)?.row else { throw StoreError.failed("the reply's row is gone") }
        return row
    }

    /// Queues an answer, a row for each chunk.
    func queue(
        _ chunks: [RenderedChunk], origin: OutboxOrigin, in conversation: ConversationKey, address: ReplyAddress,
        _ db: Database
    ) throws -> [OutboxRow] {
        try chunks.enumerated().map { index, chunk in
            try insert(chunk, origin: origin, chunk: index, in: conversation, address: address, db)
        }
    }

    /// Queues what belongs to no turn and no event.
    func queueNotice(
        _ chunks: [RenderedChunk], in conversation: ConversationKey, address: ReplyAddress, _ db: Database
    ) throws -> [OutboxRow] {
        if chunks.isEmpty { return [] }
        let number = try db.number("UPDATE installation SET notices = notices + 1 RETURNING notices")
        return try queue(
            chunks, origin: OutboxOrigin(kind: .notice, id: number), in: conversation, address: address, db)
    }

    /// Gives a turn's reply its text: the open row takes the first chunk, and with it the preview's message; further chunks
    /// get rows of their own. A reply whose chat is lost, or that has no text, makes none.
    func settle(
        _ turn: TurnID, with chunks: [RenderedChunk], at now: Timestamp, _ db: Database
    ) throws -> [OutboxRow] {
        guard let open = try record(of: turn, db), open.state == .making else { return [] }
        guard let first = chunks.first else {
            try end(open.row.id, as: .abandoned, reason: "the reply has no text", at: now, db)
            return []
        }
        try db.run(
            "UPDATE outbox SET state = 'ready', text = ?, markup = ?, extras = ? WHERE id = ?",
            [first.text.storable, first.markup?.storable, try PayloadExtras.encode(first), open.row.id.rawValue])
        var row = open.row
        row.payload = first
        let rest = try chunks.enumerated().dropFirst().map { index, chunk in
            try insert(
                chunk, origin: .turn(turn), chunk: index, in: row.conversation, address: row.address, db)
        }
        return [row] + rest
    }

    // MARK: - Stopping and ending

    /// Stops the replies of a conversation after a reset: a message that stands becomes `stopped`; one whose first send is
    /// under way becomes it as soon as it is known to stand; the rest is cancelled. Returns the rows to edit now.
    func stop(
        in conversation: ConversationKey, with stopped: RenderedChunk, at now: Timestamp, _ db: Database
    ) throws -> [OutboxRow] {
        let open = try db.rows(
            """
            SELECT \(OutboxRecord.columns) FROM outbox
            WHERE conversation = ? AND state IN ('making', 'ready') AND origin = 'turn' ORDER BY id
            """, [conversation.description]
        ).map { try OutboxRecord($0, installation) }
        var standing: [OutboxRow] = []
        for record in open {
            var row = record.row
            if row.messageID != nil {
                // An edit to the old text may be under way: its success must not end the row.
                try db.run(
                    """
                    UPDATE outbox SET state = 'ready', text = ?, markup = ?, extras = NULL, isOverruled = ? WHERE id = ?
                    """, [stopped.text, stopped.markup, record.state == .ready, row.id.rawValue])
                row.payload = stopped
                standing.append(row)
            } else if row.isDoubtful {
                try db.run(
                    """
                    UPDATE outbox SET state = 'cancelled', text = ?, markup = ?, extras = NULL, reason = 'reset', endedAt = ?
                    WHERE id = ?
                    """, [stopped.text, stopped.markup, now.rawValue, row.id.rawValue])
            } else {
                try end(row.id, as: .cancelled, reason: "reset", at: now, db)
            }
        }
        return standing
    }

    /// Ends a row that has not ended, and empties it.
    func end(
        _ row: OutboxID, as state: OutboxState, reason: String, at now: Timestamp, _ db: Database
    ) throws {
        try db.run(
            """
            UPDATE outbox SET state = ?, reason = ?, endedAt = ?, address = NULL, text = NULL, markup = NULL,
                extras = NULL
            WHERE id = ? AND address IS NOT NULL
            """, [state.rawValue, reason, now.rawValue, row.rawValue])
    }

    /// Cancels the rows of a turn that was given up.
    func cancel(_ turn: TurnID, at now: Timestamp, _ db: Database) throws {
        try db.run(
            """
            UPDATE outbox SET state = 'cancelled', reason = 'no turn', endedAt = ?, address = NULL, text = NULL,
                markup = NULL, extras = NULL
            WHERE originID = ? AND origin = 'turn' AND state IN ('making', 'ready')
            """, [now.rawValue, turn.rawValue])
    }

    /// Ends what a crash has left: replies whose turn is gone, and cancelled sends of which nobody will hear any more.
    static func settleAfterRestart(_ db: Database) throws {
        try db.execute(
            sql: """
                UPDATE outbox SET state = 'cancelled', reason = 'no turn', address = NULL, text = NULL, markup = NULL,
                    extras = NULL, endedAt = 0
                WHERE state IN ('making', 'ready') AND state = 'making' AND NOT EXISTS (
                    SELECT 1 FROM turn WHERE id = originID AND status IN ('running', 'parked'));
                UPDATE outbox SET address = NULL, text = NULL, markup = NULL, extras = NULL
                WHERE state = 'cancelled' AND address IS NOT NULL;
                """)
    }

    // MARK: - Reading

    func record(_ id: OutboxID, _ db: Database) throws -> OutboxRecord? {
        try db.row("SELECT \(OutboxRecord.columns) FROM outbox WHERE id = ?", [id.rawValue])
            .map { try OutboxRecord($0, installation) }
    }

    private func record(of turn: TurnID, _ db: Database) throws -> OutboxRecord? {
        try db.row(
            "SELECT \(OutboxRecord.columns) FROM outbox WHERE originID = ? AND origin = 'turn' AND chunk = 0",
            [turn.rawValue]
        ).map { try OutboxRecord($0, installation) }
    }

    private func insert(
        _ payload: RenderedChunk?, origin: OutboxOrigin, chunk: Int, in conversation: ConversationKey,
        address: ReplyAddress, _ db: Database
    ) throws -> OutboxRow {
        let state: OutboxState = payload == nil ? .making : .ready
        let id = try db.number(
            """
            INSERT INTO outbox (origin, originID, chunk, platform, conversation, address, text, markup, extras, state)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id
            """,
            [
                origin.kind.rawValue, origin.id, chunk, conversation.platform.rawValue, conversation.description,
                address.rawValue, payload?.text.storable, payload?.markup?.storable,
                try payload.flatMap(PayloadExtras.encode), state.rawValue,
            ])
        return OutboxRow(
            id: OutboxID(id), conversation: conversation, address: address,
            turn: origin.kind == .turn ? TurnID(origin.id) : nil, chunk: chunk,
            nonce: OutboxRecord.nonce(installation, origin, chunk), payload: payload)
    }
}
