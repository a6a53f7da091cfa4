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
            let first = try insert(nil, origin: .turn(turn), chunk: 0, in: conversation, address: address, db)
            return try takeOver(first, of: turn, db)
        }
        if known.state != .making {
            // The chat could not be reached for a while, and the row was ended; it is wanted again.
            try reopen(known.row.id, at: address, db)
        }
        guard let row = try record(of: turn, db)?.row else { throw StoreError.failed("the reply's row is gone") }
        return row
    }

    /// Gives a reply the messages of the one that its turn takes the place of, if it takes any: a row for each, in the making.
    private func takeOver(_ first: OutboxRow, of turn: TurnID, _ db: Database) throws -> OutboxRow {
        let earlier = try db.rows(
            """
            SELECT chunk, messageID FROM outbox
            WHERE originID = (SELECT overwrites FROM turn WHERE id = ?) AND origin = 'turn' AND messageID IS NOT NULL
            ORDER BY chunk
            """, [turn.rawValue]
        ).map { row in (chunk: row[0] as Int, message: row[1] as String) }
        var first = first
        for (chunk, message) in earlier {
            let row =
                chunk == 0
                ? first
                : try insert(
                    nil, origin: .turn(turn), chunk: chunk, in: first.conversation, address: first.address, db)
            try db.run("UPDATE outbox SET messageID = ? WHERE id = ?", [message, row.id.rawValue])
            if chunk == 0 { first.messageID = message }
        }
        return first
    }

    /// Whether all of a turn's reply has ended: delivered, or given up.
    func allEnded(of turn: TurnID, _ db: Database) throws -> Bool {
        try db.row(
            "SELECT 1 FROM outbox WHERE originID = ? AND origin = 'turn' AND state IN ('making', 'ready') LIMIT 1",
            [turn.rawValue]) == nil
    }

    private func reopen(_ row: OutboxID, at address: ReplyAddress, _ db: Database) throws {
        try db.run(
            """
            UPDATE outbox SET state = 'making', address = ?, text = NULL, markup = NULL, extras = NULL, reason = NULL,
                endedAt = NULL
            WHERE id = ?
            """, [address.rawValue, row.rawValue])
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

    /// Opens the row of a further message of a reply in the making, or finds it again; nil when the reply has ended.
    func openPart(_ chunk: Int, of reply: OutboxID, _ db: Database) throws -> OutboxRow? {
        guard chunk > 0, let first = try record(reply, db), first.state == .making, let turn = first.row.turn else {
            return nil
        }
        guard let known = try record(of: turn, chunk: chunk, db) else {
            return try insert(
                nil, origin: .turn(turn), chunk: chunk, in: first.row.conversation, address: first.row.address, db)
        }
        switch known.state {
        case .making: break
        case .abandoned: try reopen(known.row.id, at: first.row.address, db)
        case .ready, .delivered, .cancelled: return nil
        }
        return try record(known.row.id, db)?.row
    }

    /// Gives a turn's reply its text: the rows that its previews have opened take the first chunks, and with them the messages
    /// that stand; further chunks get rows of their own, and what stands beyond the last chunk is taken away. A reply whose chat
    /// is lost, or that has no text, makes none.
    func settle(
        _ turn: TurnID, with chunks: [RenderedChunk], at now: Timestamp, _ db: Database
    ) throws -> [OutboxRow] {
        let records = try db.rows(
            "SELECT \(OutboxRecord.columns) FROM outbox WHERE originID = ? AND origin = 'turn' ORDER BY chunk",
            [turn.rawValue]
        ).map { try OutboxRecord($0, installation) }
        guard let first = records.first, first.row.chunk == 0, first.state == .making else { return [] }
        let open = records.filter { $0.state == .making }.map(\.row)
        if chunks.isEmpty {
            for row in open { try end(row.id, as: .abandoned, reason: "the reply has no text", at: now, db) }
            return []
        }
        let settlement = ReplySettlement(open: open, chunks: chunks)
        for row in settlement.kept { try fill(row.id, with: row.payload, db) }
        let removed = try settlement.surplus.compactMap { row in
            try remove(row, reason: "not needed", at: now, db)
        }
        let next = (records.last?.row.chunk ?? 0) + 1
        let added = try settlement.added.enumerated().map { index, chunk in
            try insert(
                chunk, origin: .turn(turn), chunk: next + index, in: first.row.conversation,
                address: first.row.address, db)
        }
        return settlement.kept + removed + added
    }

    private func fill(_ row: OutboxID, with payload: RenderedChunk?, isOverruled: Bool = false, _ db: Database) throws {
        try db.run(
            "UPDATE outbox SET state = 'ready', text = ?, markup = ?, extras = ?, isOverruled = ? WHERE id = ?",
            [
                payload?.text.storable, payload?.markup?.storable, try payload.flatMap(PayloadExtras.encode),
                isOverruled, row.rawValue,
            ])
    }

    // MARK: - Stopping and ending

    /// Stops the replies of a conversation after a reset: a message that stands becomes `stopped`, further ones of the same
    /// reply are taken away; one whose first send is under way becomes it as soon as it is known to stand; the rest is
    /// cancelled, and so are files with what was said (`/export`). Returns the rows to edit now.
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
        var told: Set<TurnID?> = []
        for record in open {
            let mayStand = record.row.messageID != nil || record.row.isDoubtful
            let isSurplus = record.row.payload?.isNothing == true
            let word = mayStand && !isSurplus && told.insert(record.row.turn).inserted ? stopped : .nothing
            if let row = try giveLastWord(word, to: record, reason: "reset", at: now, db) { standing.append(row) }
        }
        try endFiles(in: conversation, at: now, db)
        return standing
    }

    /// Ends the files that answer events and whose sending has not begun.
    private func endFiles(in conversation: ConversationKey, at now: Timestamp, _ db: Database) throws {
        let rows = try db.rows(
            """
            SELECT \(OutboxRecord.columns) FROM outbox
            WHERE conversation = ? AND state = 'ready' AND origin = 'event' AND extras IS NOT NULL AND firstSendAt IS NULL
            """, [conversation.description]
        ).map { try OutboxRecord($0, installation).row }
        for row in rows where row.payload?.file != nil {
            try end(row.id, as: .abandoned, reason: "reset", at: now, db)
        }
    }

    /// Takes away what stands of a row in the making, now or as soon as it is known to stand; returns the row if it is now.
    private func remove(_ row: OutboxRow, reason: String, at now: Timestamp, _ db: Database) throws -> OutboxRow? {
        guard let record = try record(row.id, db) else { return nil }
        return try giveLastWord(.nothing, to: record, reason: reason, at: now, db)
    }

    private func giveLastWord(
        _ word: RenderedChunk, to record: OutboxRecord, reason: String, at now: Timestamp, _ db: Database
    ) throws -> OutboxRow? {
        var row = record.row
        if row.messageID != nil {
            // An edit to the old text may be under way: its success must not end the row.
            try fill(row.id, with: word, isOverruled: record.state == .ready, db)
            row.payload = word
            return row
        }
        if row.isDoubtful {
            try db.run(
                """
                UPDATE outbox SET state = 'cancelled', text = ?, markup = ?, extras = NULL, reason = ?, endedAt = ?
                WHERE id = ?
                """, [word.text, word.markup, reason, now.rawValue, row.id.rawValue])
        } else {
            try end(row.id, as: .cancelled, reason: reason, at: now, db)
        }
        return nil
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

    /// Whether a row belongs to a reply of which a message is no newer than a row, whose id is bound twice.
    static let isNoNewer = """
        (id <= ? OR EXISTS (SELECT 1 FROM outbox AS first WHERE first.originID = outbox.originID
            AND first.origin = outbox.origin AND first.chunk = 0 AND first.id <= ?))
        """

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

    private func record(of turn: TurnID, chunk: Int = 0, _ db: Database) throws -> OutboxRecord? {
        try db.row(
            "SELECT \(OutboxRecord.columns) FROM outbox WHERE originID = ? AND origin = 'turn' AND chunk = ?",
            [turn.rawValue, chunk]
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
