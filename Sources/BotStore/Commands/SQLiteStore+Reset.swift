package import BotCore
import GRDB

extension SQLiteStore {
    /// See `TurnStore`. A command whose event has ended already, because a crash came after its commit, changes nothing.
    /// The confirmation needs an event to answer; over REST there is none.
    package func reset(
        _ request: CommandRequest, stopped: RenderedChunk,
        confirmation: @escaping @Sendable (ResetSummary) -> [RenderedChunk]
    ) async throws(StoreError) -> ResetOutcome {
        try await write { [outbox] db in
            let request = try request.current(db)
            let before = try SessionRecord.fetch(of: request.conversation, db)
            guard let command = try ChatCommand(request, before, db) else {
                return ResetOutcome(
                    summary: ResetSummary(clearedMessages: 0, droppedEvents: 0), session: before, stoppedTurns: [],
                    rows: [])
            }
            let turns = try before.map { try TurnLog.supersedeAll(of: $0.id, at: request.at, db) } ?? []
            var dropped = 0
            var standing: [OutboxRow] = []
            if let key = command.conversation {
                dropped = try Inbox.dropWaiting(in: key, before: request.event, db)
                standing = try outbox.stop(in: key, with: stopped, at: request.at, db)
            }
            let summary = ResetSummary(clearedMessages: before?.messageCount ?? 0, droppedEvents: dropped)
            let session = try before.map { try Self.clear($0, request, db) }
            let rows = try command.answer(confirmation(summary), outbox, db)
            return ResetOutcome(
                summary: summary, session: session, stoppedTurns: turns, rows: rows + standing)
        }
    }

    /// Raises the epoch and the floor, leaves the summary behind, and notes what undoing takes.
    static func clear(_ session: Session, _ request: CommandRequest, _ db: Database) throws -> Session {
        try SessionEvent.reset(event: request.event, person: request.person).insert(of: session, at: request.at, db)
        var after = session
        after.epoch += 1
        after.floorSeq = session.headSeq
        after.messageCount = 0
        after.inputTokens = 0
        after.outputTokens = 0
        after.coverage = Coverage(seq: session.headSeq, liveMessages: 0, liveTokens: 0)
        after.isActive = true
        after.lastActiveAt = request.at
        return try SessionLog.show(after, db)
    }
}
