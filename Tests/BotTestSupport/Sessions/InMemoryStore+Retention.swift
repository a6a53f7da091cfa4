package import BotCore

extension InMemoryStore {
    package func outdated(
        before: Timestamp, after: SessionID?, limit: Int
    ) async throws(StoreError) -> [OutdatedSession] {
        try transaction { state in
            var found: [OutdatedSession] = []
            for (id, session) in state.sessions.sorted(by: { $0.key < $1.key }) where after.map({ id > $0 }) ?? true {
                let log = (state.messages[id] ?? []).filter { $0.seq > session.floorSeq }
                let kept = log.first { $0.createdAt >= before }?.seq ?? session.headSeq + 1
                let open = state.turns.values.filter { $0.session == id && $0.isOpen }.map(\.message).min()
                let through = min(kept, open ?? .max) - 1
                guard let first = log.first, first.createdAt < before, through > session.floorSeq else { continue }
                found.append(OutdatedSession(session: session, through: through))
            }
            return Array(found.prefix(max(0, limit)))
        }
    }

    package func takeAway(
        _ outdated: OutdatedSession, leaving summary: CheckpointDraft?, at now: Timestamp
    ) async throws(StoreError) -> Session? {
        try transaction { state in
            let id = outdated.session.id
            guard let session = state.sessions[id], session.revision == outdated.session.revision,
                outdated.through > session.floorSeq, outdated.through <= session.headSeq
            else { return nil }
            state.takenBack[id, default: []].append(
                InMemoryState.TakenBack(
                    at: Timestamp(rawValue: 0), first: session.floorSeq + 1, last: outdated.through, newest: nil))
            state.checkpoints = state.checkpoints.filter { $0.value.session != id }
            var coverage = Coverage(
                seq: outdated.through, liveMessages: 0, liveTokens: 0,
                nextSummaryAt: session.coverage.nextSummaryAt)
            if let summary, summary.base == nil, summary.fromSeq == outdated.through + 1,
                summary.toSeq == session.coverage.seq, summary.fromSeq <= summary.toSeq
            {
                coverage.checkpoint = state.insert(summary, at: now).id
                coverage.summaryTokens = summary.tokens
                coverage.seq = summary.toSeq
            }
            state.sessions[id]?.floorSeq = outdated.through
            state.sessions[id]?.coverage = coverage
            state.sessions[id]?.revision += 1
            state.recount(id)
            return state.sessions[id]
        }
    }
}
