package import BotCore
import GRDB

extension SQLiteStore {
    /// See `ChatCommandStore`. A turn that answers a message which is taken back can no longer commit.
    ///
    /// The epoch stays. A reset that cleared nothing is passed over, so that `/reset` sent twice can be taken back too.
    package func undo(
        _ request: CommandRequest, within: Duration, confirmation: @escaping @Sendable (Undone) -> [RenderedChunk]
    ) async throws(StoreError) -> CommandOutcome {
        try await write { [outbox] db in
            let request = try request.current(db)
            var session = try SessionRecord.fetch(of: request.conversation, db)
            guard let command = try ChatCommand(request, session, db) else {
                return CommandOutcome(session: session, rows: [])
            }
            var done = Undone.nothing
            var stopped: [TurnID] = []
            if let before = session {
                if let reset = try UndoableReset.newest(of: before, since: request.at - within, db) {
                    session = try reset.takeBack(of: before, at: request.at, db)
                    done = .reset(messages: reset.messages)
                } else if let message = try ShownMessages.newestOfUser(in: before, db) {
                    stopped = try TurnLog.supersedeAll(of: before.id, answering: message.seq, at: request.at, db)
                    for turn in stopped { try outbox.cancel(turn, at: request.at, db) }
                    let after = try ShownMessages.takeBack(
                        message.seq, through: before.headSeq, of: before, at: request.at, db)
                    session = after.session
                    done = .exchange(messages: after.messages, question: message.text)
                }
            }
            let rows = try command.answer(confirmation(done), outbox, db)
            return CommandOutcome(session: session, stoppedTurns: stopped, rows: rows)
        }
    }
}
