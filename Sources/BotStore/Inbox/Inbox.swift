import BotCore
import Foundation
import GRDB

/// Steps of transactions that concern stored events.
enum Inbox {
    /// How an event ends.
    enum Ending: String { case finished, dropped, setAside }

    /// What a turn or a command needs to know of a stored event.
    struct Pending {
        let turn: TurnID?
        /// The text key of the conversation that it belongs to now: its chat may have moved.
        let conversation: String
        /// The event as JSON, read only where it is needed.
        private let payload: Data

        fileprivate init(_ row: StoredRow) {
            turn = (row[0] as Int64?).map { TurnID($0) }
            payload = row[1]
            conversation = row[2]
        }

        func event() throws -> InboundEvent { try JSONText.decodeEvent(payload) }
    }

    /// The event if it is stored and has not ended.
    static func pending(_ id: InboxID, _ db: Database) throws -> Pending? {
        try db.row("SELECT turnID, payload, conversation FROM inbox WHERE id = ? AND state = 'pending'", [id.rawValue])
            .map(Pending.init)
    }

    /// Ends an event and empties it; its id stays known as seen.
    static func end(_ id: InboxID, as ending: Ending, _ db: Database) throws {
        try db.run(
            "UPDATE inbox SET state = ?, payload = NULL WHERE id = ? AND state = 'pending'",
            [ending.rawValue, id.rawValue])
    }

    /// Ends all events of a turn.
    static func end(of turn: TurnID, as ending: Ending, _ db: Database) throws {
        try db.run(
            "UPDATE inbox SET state = ?, payload = NULL WHERE turnID = ? AND state = 'pending'",
            [ending.rawValue, turn.rawValue])
    }

    /// Drops what waits in a conversation, of what came before an event if one is given; returns how many. Commands that clear the chat
    /// themselves stay.
    static func dropWaiting(in conversation: ConversationKey, before event: InboxID?, _ db: Database) throws -> Int {
        let waiting = try db.rows(
            "SELECT id, payload FROM inbox WHERE conversation = ? AND state = 'pending' AND id < ?",
            [conversation.description, event?.rawValue ?? Int64.max])
        var dropped = 0
        for row in waiting {
            // One that cannot be read is no command that could be carried out.
            if let event = try? JSONText.decodeEvent(row[1]), event.body.clearsChat { continue }
            try end(InboxID(row[0]), as: .dropped, db)
            dropped += 1
        }
        return dropped
    }

    /// Replaces the message that an edit concerns, if it waits or is being answered.
    static func apply(_ edit: InboundEvent, before id: InboxID, _ db: Database) throws -> EditOutcome {
        if case .deleted(let message) = edit.body { return try delete(message, in: edit.conversation, before: id, db) }
        guard case .edited(let message) = edit.body else { return .notWaiting }
        let waiting = try db.rows(
            "SELECT id, payload FROM inbox WHERE conversation = ? AND state = 'pending' AND id < ? ORDER BY id DESC",
            [edit.conversation.description, id.rawValue])
        for row in waiting {
            // One that cannot be read is not the message.
            guard let stored = try? JSONText.decodeEvent(row[1]), let earlier = stored.message(editedBy: message) else {
                continue
            }
            if earlier.text == message.text { return .waiting(InboxEntry(id: InboxID(row[0]), event: stored)) }
            let event = stored.replacing(earlier, by: message)
            try db.run("UPDATE inbox SET payload = ? WHERE id = ?", [try JSONText.encode(event), row[0] as Int64])
            return .waiting(InboxEntry(id: InboxID(row[0]), event: event))
        }
        return .notWaiting
    }

    /// Leaves nothing but its deletion of a message whose turn has not begun.
    private static func delete(
        _ message: String, in conversation: ConversationKey, before id: InboxID, _ db: Database
    ) throws -> EditOutcome {
        let waiting = try db.rows(
            """
            SELECT id, payload FROM inbox
            WHERE (conversation = ?1 OR (conversation > ?1 || '/@' AND conversation < ?1 || '/A'))
                AND state = 'pending' AND turnID IS NULL AND id < ?2 ORDER BY id DESC
            """, [conversation.description, id.rawValue])
        for row in waiting {
            // One that cannot be read is not the message.
            guard let event = try? JSONText.decodeEvent(row[1]).deleting(message) else { continue }
            try db.run("UPDATE inbox SET payload = ? WHERE id = ?", [try JSONText.encode(event), row[0] as Int64])
            return .waiting(InboxEntry(id: InboxID(row[0]), event: event))
        }
        return .notWaiting
    }

    /// Makes events those of a turn.
    static func attach(_ events: [InboxID], to turn: TurnID, _ db: Database) throws {
        for event in events {
            try db.run("UPDATE inbox SET turnID = ? WHERE id = ?", [turn.rawValue, event.rawValue])
        }
    }
}
