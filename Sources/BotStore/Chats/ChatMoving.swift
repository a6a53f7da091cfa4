import BotCore
import Foundation
import GRDB

/// The transaction that gives a chat its new name.
struct ChatMoving {
    let order: ChatMoveOrder
    private var range: ChatRange { ChatRange(order.move.from) }

    init(order: ChatMoveOrder) { self.order = order }

    func run(_ db: Database) throws -> MovedChat {
        var moved = MovedChat()
        try moveSessions(&moved, db)
        try moveEvents(&moved, db)
        try moveRows(&moved, db)
        try moveGrant(&moved, db)
        try Spending.move(order.move.from, to: order.move.to, db)
        return moved
    }

    private func newName(of text: String) -> ConversationKey? {
        ConversationKey(text).flatMap { order.move.newName(of: $0) }
    }

    private func moveSessions(_ moved: inout MovedChat, _ db: Database) throws {
        let known = try db.rows(
            "SELECT id, key FROM conversation WHERE key >= ? AND key < ? ORDER BY id", [range.first, range.end])
        for row in known {
            let conversation = ConversationID(row[0])
            guard let name = newName(of: row[1]) else { continue }
            if let newer = try SessionRecord.fetch(of: name, db),
                let older = try SessionRecord.fetch(of: conversation, db)
            {
                try SessionJoining(older: older, newer: newer, now: order.at).run(db)
                moved.joined += 1
            }
            try db.run(
                "UPDATE conversation SET key = ? WHERE id = ?", [name.description, conversation.rawValue])
            try db.run(
                "UPDATE session SET externalChatID = ? WHERE conversationID = ?", [name.chat, conversation.rawValue])
            moved.sessions += 1
        }
    }

    private func moveEvents(_ moved: inout MovedChat, _ db: Database) throws {
        let waiting = try db.rows(
            """
            SELECT id, conversation, payload FROM inbox
            WHERE state = 'pending' AND conversation >= ? AND conversation < ?
            """, [range.first, range.end])
        for row in waiting {
            guard let name = newName(of: row[1]) else { continue }
            var payload: Data = row[2]
            // One that cannot be read is set aside by whoever takes it up.
            if let event = try? JSONText.decodeEvent(payload), let there = order.moved(event) {
                payload = try JSONText.encode(there)
            }
            try db.run(
                "UPDATE inbox SET conversation = ?, payload = ? WHERE id = ?",
                [name.description, payload, row[0] as Int64])
            moved.events += 1
        }
    }

    /// A message that stands is out of reach now. A first send that may have arrived stays doubtful.
    private func moveRows(_ moved: inout MovedChat, _ db: Database) throws {
        let open = try db.rows(
            """
            SELECT id, conversation, address, text, extras FROM outbox
            WHERE state IN ('making', 'ready') AND conversation >= ? AND conversation < ?
            """, [range.first, range.end])
        for row in open {
            guard let name = newName(of: row[1]) else { continue }
            if (row[3] as String?) == RenderedChunk.nothing.text, (row[4] as String?) == nil {
                // It was to be taken away, and stays behind.
                try db.run(
                    """
                    UPDATE outbox SET state = 'abandoned', reason = 'the chat has moved', endedAt = ?, address = NULL,
                        text = NULL, markup = NULL, extras = NULL
                    WHERE id = ?
                    """, [order.at.rawValue, row[0] as Int64])
                continue
            }
            let address = order.readdress(ReplyAddress(rawValue: row[2]))
            try db.run(
                """
                UPDATE outbox SET conversation = ?, address = ?, isOverruled = 0,
                    firstSendAt = iif(messageID IS NULL, firstSendAt, NULL), messageID = NULL
                WHERE id = ?
                """, [name.description, address.rawValue, row[0] as Int64])
            moved.rows += 1
        }
    }

    private func moveGrant(_ moved: inout MovedChat, _ db: Database) throws {
        if try db.number("SELECT count(*) FROM accessGrant WHERE entry = ?", [order.oldSpace]) > 0 {
            try db.run(
                "UPDATE OR REPLACE accessGrant SET entry = ? WHERE entry = ?", [order.newSpace, order.oldSpace])
            moved.grants += 1
        } else if let grant = order.grant,
            try db.number("SELECT count(*) FROM accessGrant WHERE entry = ?", [grant.entry]) == 0
        {
            try SQLiteStore.store(grant, db)
            moved.grants += 1
        }
    }
}
