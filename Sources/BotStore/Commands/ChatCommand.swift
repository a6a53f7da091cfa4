import BotCore
import GRDB

extension CommandRequest {
    /// The request where its chat is now: that may have moved since its event was taken up.
    func current(_ db: Database) throws -> CommandRequest {
        guard let event, case .key(let key) = conversation,
            let row = try db.row("SELECT conversation FROM inbox WHERE id = ?", [event.rawValue]),
            let now = try SessionRecord.key(row[0]), now != key
        else { return self }
        return CommandRequest(conversation: .key(now), event: event, at: at, person: person)
    }
}

/// A command inside its transaction: its event, which ends, and its conversation, if a platform has it.
struct ChatCommand {
    let conversation: ConversationKey?
    private let event: (id: InboxID, stored: InboundEvent)?

    /// Ends the command's event. Nil when it had ended before.
    init?(_ request: CommandRequest, _ session: Session?, _ db: Database) throws {
        if case .key(let key) = request.conversation { conversation = key } else { conversation = session?.key }
        guard let id = request.event else {
            event = nil
            return
        }
        guard let pending = try Inbox.pending(id, db) else { return nil }
        event = (id, try pending.event())
        try Inbox.end(id, as: .finished, db)
    }

    /// Queues the answer. Over REST there is no event to answer, and no row is made.
    func answer(_ chunks: [RenderedChunk], _ outbox: Outbox, _ db: Database) throws -> [OutboxRow] {
        guard let event else { return [] }
        return try outbox.queue(
            chunks, origin: .event(event.id), in: event.stored.conversation, address: event.stored.replyAddress, db)
    }
}
