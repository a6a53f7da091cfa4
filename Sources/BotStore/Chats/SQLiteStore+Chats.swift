package import BotCore
import GRDB

extension SQLiteStore {
    package func move(_ order: ChatMoveOrder) async throws(StoreError) -> MovedChat {
        try await write { db in try ChatMoving(order: order).run(db) }
    }

    package func endWork(in chat: LostChat, at now: Timestamp) async throws(StoreError) -> EndedWork {
        try await write { [outbox] db in
            let range = ChatRange(chat.conversation)
            var turns: [TurnID] = []
            var events: [InboxID] = []
            let first = chat.event?.rawValue ?? Int64.max
            // A turn that has taken in something later goes on with all that it answers.
            let waiting = try db.rows(
                """
                SELECT id, conversation, turnID, payload FROM inbox
                WHERE state = 'pending' AND conversation >= ? AND conversation < ? AND id < ? AND receivedAt <= ?
                    AND NOT EXISTS (SELECT 1 FROM inbox AS later WHERE later.turnID = inbox.turnID
                        AND later.state = 'pending' AND (later.id >= ? OR later.receivedAt > ?))
                ORDER BY id
                """, [range.first, range.end, first, chat.since.rawValue, first, chat.since.rawValue])
            for row in waiting where range.holds(row[1], wholeChat: chat.wholeChat) {
                // One that cannot be read is no command that could be carried out.
                if let event = try? JSONText.decodeEvent(row[3]), event.body.clearsChat { continue }
                events.append(InboxID(row[0]))
                try Inbox.end(InboxID(row[0]), as: .dropped, db)
                if let turn = (row[2] as Int64?).map({ TurnID($0) }), !turns.contains(turn) { turns.append(turn) }
            }
            for turn in turns {
                if let record = try TurnLog.record(turn, db),
                    let session = try SessionRecord.fetch(record.session, db)
                {
                    _ = try TurnSteps.withdraw(of: record, in: session, at: now, db)
                }
                try TurnLog.end(turn, status: "superseded", at: now, db)
                try outbox.cancel(turn, at: now, db)
                try Inbox.end(of: turn, as: .dropped, db)
            }
            let newest = chat.newestRow?.rawValue ?? Int64.max
            let rows = try db.rows(
                """
                SELECT id, conversation FROM outbox
                WHERE state = 'ready' AND conversation >= ? AND conversation < ? AND \(Outbox.isNoNewer)
                """, [range.first, range.end, newest, newest])
            for row in rows where range.holds(row[1], wholeChat: chat.wholeChat) {
                try outbox.end(OutboxID(row[0]), as: .abandoned, reason: chat.reason, at: now, db)
            }
            return EndedWork(turns: turns, events: events)
        }
    }
}

/// Where the text keys of a chat and its topics lie: `telegram/42/-100` and `telegram/42/-100/7`, and no other chat's.
struct ChatRange {
    private let conversation: ConversationKey
    let first: String
    /// A zero follows the slash.
    var end: String { first + "0" }

    init(_ conversation: ConversationKey) {
        self.conversation = conversation
        first = conversation.wholeChat.description
    }

    /// Whether a stored key is the conversation's, or one of its chat.
    func holds(_ text: String, wholeChat: Bool) -> Bool {
        wholeChat ? ConversationKey(text)?.wholeChat == conversation.wholeChat : text == conversation.description
    }
}
