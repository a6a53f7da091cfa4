package import BotCore
import Foundation
import GRDB

extension SQLiteStore {
    package func accept(_ events: [InboundEvent], cursor: BotCore.Cursor?) async throws(StoreError) -> [InboxEntry] {
        if events.isEmpty, cursor == nil { return [] }
        // Encoded here and not in the transaction, where everybody else would wait for it.
        let payloads: [Data]
        do {
            payloads = try events.map { try JSONText.encode($0) }
        } catch {
            throw StoreError(error)
        }
        return try await write { db in
            var entries: [InboxEntry] = []
            for (event, payload) in zip(events, payloads) {
                let conversation = event.conversation
                let row = try db.row(
                    """
                    INSERT INTO inbox (platform, account, externalID, conversation, payload, receivedAt)
                    VALUES (?, ?, ?, ?, ?, ?)
                    ON CONFLICT (externalID, account, platform) DO NOTHING RETURNING id
                    """,
                    [
                        conversation.platform.rawValue, conversation.account, event.externalID,
                        conversation.description, payload, event.receivedAt.rawValue,
                    ])
                if let row { entries.append(InboxEntry(id: InboxID(row[0]), event: event)) }
            }
            if let cursor { try Self.set(cursor, db) }
            return entries
        }
    }

    package func unfinished(after: InboxID?, limit: Int) async throws(StoreError) -> [InboxEntry] {
        try await read { db in
            // Without INDEXED BY the events of a week, most of them finished, would be walked through.
            try db.rows(
                """
                SELECT id, payload FROM inbox INDEXED BY inbox_pending
                WHERE state = 'pending' AND id > ? ORDER BY id LIMIT ?
                """, [after?.rawValue ?? 0, limit]
            ).map { row in InboxEntry(id: InboxID(row[0]), event: try JSONText.decodeEvent(row[1])) }
        }
    }

    /// See `InboxStore`. A turn that was begun with this event alone is given up: somebody decided otherwise after a
    /// restart.
    package func finish(
        _ event: InboxID, answer: [RenderedChunk], at now: Timestamp
    ) async throws(StoreError) -> [OutboxRow] {
        try await write { [outbox] db in
            guard let pending = try Inbox.pending(event, db) else { return [] }
            try Inbox.end(event, as: .finished, db)
            if let turn = pending.turn { try TurnLog.giveUpIfEmpty(turn, outbox, at: now, db) }
            if answer.isEmpty { return [] }
            let stored = try pending.event()
            return try outbox.queue(
                answer, origin: .event(event), in: stored.conversation, address: stored.replyAddress, db)
        }
    }

    package func applyEdit(_ edit: InboxID) async throws(StoreError) -> EditOutcome {
        try await write { db in
            guard let pending = try Inbox.pending(edit, db) else { return .notWaiting }
            return try Inbox.apply(pending.event(), before: edit, db)
        }
    }

    package func forgetFinished(before: Timestamp, limit: Int) async throws(StoreError) -> Int {
        // Looked for beside the writer, since this walks through the table.
        let ids = try await read { db in
            try db.rows(
                "SELECT id FROM inbox WHERE state <> 'pending' AND receivedAt < ? ORDER BY id LIMIT ?",
                [before.rawValue, limit]
            ).map { $0[0] as Int64 }
        }
        if ids.isEmpty { return 0 }
        return try await write { db in
            for id in ids { try db.run("DELETE FROM inbox WHERE id = ?", [id]) }
            return ids.count
        }
    }

    package func cursor(named name: String) async throws(StoreError) -> String? {
        try await read { db in try db.row("SELECT value FROM cursor WHERE name = ?", [name]).map { $0[0] } }
    }

    package func setCursor(named name: String, to value: String?) async throws(StoreError) {
        try await write { db in
            if let value {
                try Self.set(BotCore.Cursor(name: name, value: value), db)
            } else {
                try db.run("DELETE FROM cursor WHERE name = ?", [name])
            }
        }
    }

    private static func set(_ cursor: BotCore.Cursor, _ db: Database) throws {
        try db.run(
            "INSERT INTO cursor (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            [cursor.name, cursor.value])
    }
}
