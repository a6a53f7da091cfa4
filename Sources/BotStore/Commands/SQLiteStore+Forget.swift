package import BotCore
import GRDB

extension SQLiteStore {
    package func holdings(of conversation: SessionDraft.Conversation) async throws(StoreError) -> Holdings {
        try await read { db in try Erasure.holdings(of: SessionRecord.fetch(of: conversation, db), db) }
    }

    /// See `ChatCommandStore`. After the commit nothing of it is found any more; `scrub` then takes it out of the files.
    package func forget(
        _ request: CommandRequest, stopped: RenderedChunk,
        confirmation: @escaping @Sendable (Forgotten) -> [RenderedChunk]
    ) async throws(StoreError) -> CommandOutcome {
        try await write { [outbox] db in
            let request = try request.current(db)
            let session = try SessionRecord.fetch(of: request.conversation, db)
            guard let command = try ChatCommand(request, session, db) else {
                return CommandOutcome(session: session, rows: [])
            }
            let turns = try session.map { try TurnLog.supersedeAll(of: $0.id, at: request.at, db) } ?? []
            let standing = try command.conversation.map {
                try outbox.stop(in: $0, with: stopped, at: request.at, db)
            }
            let forgotten = try Erasure.begin(
                of: session, in: command.conversation, before: request.event, db)
            let rows = try command.answer(confirmation(forgotten), outbox, db)
            return CommandOutcome(session: nil, stoppedTurns: turns, rows: rows + (standing ?? []))
        }
    }

    /// What a preview becomes where nobody says it otherwise.
    private static let stopped = RenderedChunk(text: "(stopped)")

    /// See `SessionStore`. Events of its conversation that were waiting end; their ids stay known as seen, so that a
    /// platform which repeats one does not bring it back.
    package func erase(_ session: SessionID) async throws(StoreError) -> Bool {
        let now = time.now
        return try await write { [outbox] db in
            guard let known = try SessionRecord.fetch(session, db) else { return false }
            _ = try TurnLog.supersedeAll(of: session, at: now, db)
            if let key = known.key { _ = try outbox.stop(in: key, with: Self.stopped, at: now, db) }
            _ = try Erasure.begin(of: known, in: known.key, before: nil, db)
            return true
        }
    }

    /// See `ChatCommandStore`. What was erased is deleted first, where a crash has left something of it.
    package func scrub() async throws(StoreError) {
        while try await eraseStep() {}
        try await mergeIndex()
        let wiped = try await read { db in try Erasure.newestToWipe(db) }
        if wiped > 0 {
            try await wipePages()
            try await write { db in try Erasure.endWiped(through: wiped, db) }
        }
        try await emptyWriteAheadLog()
    }
}
