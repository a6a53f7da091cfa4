package import BotCore
import GRDB

extension SQLiteStore {
    var outbox: Outbox { Outbox(installation: installation) }

    package func ready(
        on platform: Platform, after: OutboxID?, limit: Int
    ) async throws(StoreError) -> [OutboxRow] {
        try await read { [installation] db in
            try db.rows(
                """
                SELECT \(OutboxRecord.columns) FROM outbox
                WHERE platform = ? AND state = 'ready' AND id > ? ORDER BY id LIMIT ?
                """, [platform.rawValue, after?.rawValue ?? 0, limit]
            ).map { try OutboxRecord($0, installation).row }
        }
    }

    package func openPart(_ chunk: Int, of reply: OutboxID) async throws(StoreError) -> OutboxRow? {
        try await write { [outbox] db in try outbox.openPart(chunk, of: reply, db) }
    }

    package func beginFirstSend(of row: OutboxID) async throws(StoreError) -> Bool {
        let now = time.now
        return try await write { db in
            // A repeat of a doubtful send keeps the first moment: the platform may know the nonce since then.
            try db.run(
                """
                UPDATE outbox SET firstSendAt = coalesce(firstSendAt, ?)
                WHERE id = ? AND state IN ('making', 'ready')
                """, [now.rawValue, row.rawValue])
            return db.changesCount > 0
        }
    }

    package func firstSendFailed(of row: OutboxID) async throws(StoreError) {
        try await write { db in
            try db.run(
                "UPDATE outbox SET firstSendAt = NULL WHERE id = ? AND state IN ('making', 'ready')", [row.rawValue])
            // A cancelled row was kept for the message that it might have made; it made none.
            try Self.emptyCancelled(row, db)
        }
    }

    package func previewStands(of row: OutboxID, as message: String) async throws(StoreError) -> OutboxRow? {
        try await write { [outbox] db in
            guard let record = try outbox.record(row, db) else { return nil }
            switch record.state {
            case .making, .ready:
                try db.run("UPDATE outbox SET messageID = ? WHERE id = ?", [message, row.rawValue])
            case .cancelled:
                try Self.reviveCancelled(row, as: message, db)
            case .delivered, .abandoned:
                return nil
            }
            guard let now = try outbox.record(row, db), now.state == .ready else { return nil }
            return now.row
        }
    }

    /// See `OutboxStore`. If a reset has given the row another text meanwhile, it stays ready, to be edited to that.
    package func delivered(_ row: OutboxID, as message: String?, at now: Timestamp) async throws(StoreError) {
        try await write { db in
            try db.run(
                """
                UPDATE outbox SET isOverruled = 0, messageID = coalesce(?, messageID),
                    state = iif(isOverruled, 'ready', 'delivered'), endedAt = iif(isOverruled, NULL, ?),
                    address = iif(isOverruled, address, NULL), text = iif(isOverruled, text, NULL),
                    markup = iif(isOverruled, markup, NULL), extras = iif(isOverruled, extras, NULL)
                WHERE id = ? AND state = 'ready'
                """, [message, now.rawValue, row.rawValue])
            if db.changesCount > 0 { return }
            if let message {
                try Self.reviveCancelled(row, as: message, db)
            } else {
                try Self.emptyCancelled(row, db)
            }
        }
    }

    /// See `OutboxStore`. It counts as a try, for a row is put off after one that failed.
    package func postpone(_ row: OutboxID, until: Timestamp) async throws(StoreError) {
        try await write { db in
            try db.run(
                """
                UPDATE outbox SET retryAt = ?, attempts = attempts + 1 WHERE id = ? AND state IN ('making', 'ready')
                """, [until.rawValue, row.rawValue])
        }
    }

    /// See `OutboxStore`. A text that a reset has put in stays: what would replace it is older.
    package func replace(
        _ row: OutboxID, payload: RenderedChunk, messageID: String?
    ) async throws(StoreError) {
        try await write { db in
            try db.run(
                """
                UPDATE outbox SET text = iif(isOverruled, text, ?), markup = iif(isOverruled, markup, ?),
                    extras = iif(isOverruled, extras, ?), messageID = ?, firstSendAt = iif(? IS NULL, NULL, firstSendAt)
                WHERE id = ? AND state = 'ready'
                """,
                [
                    payload.text.storable, payload.markup?.storable, try PayloadExtras.encode(payload), messageID,
                    messageID, row.rawValue,
                ])
        }
    }

    package func abandon(_ row: OutboxID, reason: String, at now: Timestamp) async throws(StoreError) {
        try await write { [outbox] db in
            guard let record = try outbox.record(row, db) else { return }
            switch record.state {
            case .making, .ready: try outbox.end(row, as: .abandoned, reason: reason, at: now, db)
            case .cancelled: try Self.emptyCancelled(row, db)
            case .delivered, .abandoned: break
            }
        }
    }

    package func abandonAll(
        in conversation: ConversationKey, upTo newest: OutboxID, reason: String, at now: Timestamp
    ) async throws(StoreError) {
        try await write { [outbox] db in
            let rows = try db.rows(
                """
                SELECT id FROM outbox WHERE conversation = ? AND state = 'ready' AND \(Outbox.isNoNewer)
                """, [conversation.description, newest.rawValue, newest.rawValue])
            for row in rows { try outbox.end(OutboxID(row[0]), as: .abandoned, reason: reason, at: now, db) }
        }
    }

    package func queueNotice(
        _ chunks: [RenderedChunk], in conversation: ConversationKey, address: ReplyAddress, at now: Timestamp
    ) async throws(StoreError) -> [OutboxRow] {
        try await write { [outbox] db in
            try outbox.queueNotice(chunks, in: conversation, address: address, db)
        }
    }

    package func forgetEnded(before: Timestamp, limit: Int) async throws(StoreError) -> Int {
        // Looked for beside the writer, since this walks through the table.
        let ids = try await read { db in
            try db.rows(
                "SELECT id FROM outbox WHERE endedAt < ? ORDER BY id LIMIT ?", [before.rawValue, limit]
            ).map { $0[0] as Int64 }
        }
        if ids.isEmpty { return 0 }
        return try await write { db in
            var count = 0
            for id in ids {
                // One may have come back to life since it was read.
                try db.run("DELETE FROM outbox WHERE id = ? AND endedAt IS NOT NULL", [id])
                count += db.changesCount
            }
            return count
        }
    }

    /// A cancelled row's message turned out to stand in the chat: it is ready to become what the row was cancelled with.
    private static func reviveCancelled(_ row: OutboxID, as message: String, _ db: Database) throws {
        try db.run(
            """
            UPDATE outbox SET state = 'ready', messageID = ?, reason = NULL, endedAt = NULL
            WHERE id = ? AND state = 'cancelled' AND address IS NOT NULL
            """, [message, row.rawValue])
    }

    private static func emptyCancelled(_ row: OutboxID, _ db: Database) throws {
        try db.run(
            """
            UPDATE outbox SET address = NULL, text = NULL, markup = NULL, extras = NULL
            WHERE id = ? AND state = 'cancelled'
            """, [row.rawValue])
    }
}
