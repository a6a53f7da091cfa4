package import BotCore
import GRDB

extension SQLiteStore {
    package func checkpoint(_ id: CheckpointID) async throws(StoreError) -> Checkpoint? {
        try await read { db in
            guard let record = try CheckpointRecord.fetch(id, db) else { return nil }
            // That of an erased session is only waiting to be deleted.
            let isThere = try db.row("SELECT 1 FROM session WHERE id = ?", [record.checkpoint.session.rawValue]) != nil
            return isThere ? record.checkpoint : nil
        }
    }

    package func checkpoints(of session: SessionID, limit: Int) async throws(StoreError) -> [Checkpoint] {
        try await read { db in
            var next = try db.row("SELECT checkpointID FROM session WHERE id = ?", [session.rawValue])
                .flatMap { $0[0] as Int64? }
            var chain: [Checkpoint] = []
            while chain.count < limit, let id = next, let record = try CheckpointRecord.fetch(CheckpointID(id), db) {
                chain.append(record.checkpoint)
                next = record.checkpoint.base?.rawValue
            }
            return chain
        }
    }

    package func messages(
        of session: SessionID, after: Int64, limit: Int, maxBytes: Int
    ) async throws(StoreError) -> [SessionMessage] {
        try await read { db in
            guard let row = try db.row("SELECT floorSeq, headSeq FROM session WHERE id = ?", [session.rawValue])
            else { return [] }
            var messages: [SessionMessage] = []
            var bytes = 0
            // One by one, since only the first of the texts may be wanted.
            try db.eachRow(
                """
                SELECT \(MessageRecord.columns) FROM message
                WHERE id > ? AND id <= ? AND \(MessageRecord.isShown) ORDER BY id LIMIT ?
                """,
                [
                    MessageRecord.id(session, max(after, row[0])), MessageRecord.id(session, row[1]), max(0, limit),
                ]
            ) { row in
                let message = try MessageRecord.message(row)
                bytes += message.text.utf8.count
                if bytes > maxBytes, !messages.isEmpty { return false }
                messages.append(message)
                return true
            }
            return messages
        }
    }

    package func messages(of session: SessionID, seqs: [Int64]) async throws(StoreError) -> [SessionMessage] {
        try await read { db in
            guard let row = try db.row("SELECT floorSeq, headSeq FROM session WHERE id = ?", [session.rawValue])
            else { return [] }
            let (floor, head): (Int64, Int64) = (row[0], row[1])
            return try Set(seqs).sorted().filter { $0 > floor && $0 <= head }.compactMap { seq in
                try db.row(
                    "SELECT \(MessageRecord.columns) FROM message WHERE id = ? AND \(MessageRecord.isShown)",
                    [MessageRecord.id(session, seq)]
                ).map(MessageRecord.message)
            }
        }
    }

    /// See `CheckpointStore`. A draft that does not continue the summary of its session, or reaches beyond the newest message, is
    /// outdated too.
    package func commit(
        _ draft: CheckpointDraft, ifRevision revision: Int64, at now: Timestamp
    ) async throws(StoreError) -> CheckpointCommit {
        try await write { db in
            guard let session = try SessionRecord.fetch(draft.session, db), session.revision == revision,
                session.coverage.checkpoint == draft.base, draft.fromSeq == session.coverage.seq + 1,
                draft.fromSeq <= draft.toSeq, draft.toSeq <= session.headSeq
            else { return .outdated }
            let covered = try ShownMessages(of: session.id, draft.fromSeq, draft.toSeq, db)
            let checkpoint = try CheckpointRecord.insert(
                draft, covering: covered.count, covered.tokens, at: now, db)
            var after = session
            after.coverage = Coverage(
                checkpoint: checkpoint.id, summaryTokens: draft.tokens, seq: draft.toSeq,
                liveMessages: session.coverage.liveMessages - covered.count,
                liveTokens: session.coverage.liveTokens - covered.tokens,
                nextSummaryAt: session.headSeq + Int64(draft.pause))
            after.summaries += 1
            return .committed(try SessionLog.show(after, db), checkpoint)
        }
    }

    package func takeBackSummary(
        _ request: CommandRequest, pause: Int, confirmation: @escaping @Sendable (Checkpoint?) -> [RenderedChunk]
    ) async throws(StoreError) -> CommandOutcome {
        try await write { [outbox] db in
            let request = try request.current(db)
            var session = try SessionRecord.fetch(of: request.conversation, db)
            guard let command = try ChatCommand(request, session, db) else {
                return CommandOutcome(session: session, rows: [])
            }
            let record = try session.flatMap { try CheckpointRecord.fetch(of: $0.coverage, db) }
            if let before = session, let record {
                try SessionEvent.summaryTakenBack(record).insert(of: before, at: request.at, db)
                var after = before
                after.coverage = try before.coverage.before(in: before, db)
                after.coverage.nextSummaryAt = before.headSeq + Int64(pause)
                after.isActive = true
                after.lastActiveAt = request.at
                session = try SessionLog.show(after, db)
            }
            return CommandOutcome(
                session: session, rows: try command.answer(confirmation(record?.checkpoint), outbox, db))
        }
    }
}
