package import BotCore

extension InMemoryStore {
    package func checkpoint(_ id: CheckpointID) async throws(StoreError) -> Checkpoint? {
        try transaction { $0.checkpoints[id] }
    }

    package func checkpoints(of session: SessionID, limit: Int) async throws(StoreError) -> [Checkpoint] {
        try transaction { state in
            var chain: [Checkpoint] = []
            var next = state.sessions[session]?.coverage.checkpoint
            while chain.count < limit, let checkpoint = next.flatMap({ state.checkpoints[$0] }) {
                chain.append(checkpoint)
                next = checkpoint.base
            }
            return chain
        }
    }

    package func messages(
        of session: SessionID, after: Int64, limit: Int, maxBytes: Int
    ) async throws(StoreError) -> [SessionMessage] {
        try transaction { state in
            var bytes = 0
            let later = state.shown(of: session).filter { $0.seq > after }.prefix(max(0, limit))
            let fitting = later.prefix { message in
                bytes += message.text.utf8.count
                return bytes <= maxBytes
            }
            return Array(fitting.isEmpty ? later.prefix(1) : fitting)
        }
    }

    package func messages(of session: SessionID, seqs: [Int64]) async throws(StoreError) -> [SessionMessage] {
        try transaction { state in state.shown(of: session).filter { seqs.contains($0.seq) } }
    }

    package func commit(
        _ draft: CheckpointDraft, ifRevision revision: Int64, at now: Timestamp
    ) async throws(StoreError) -> CheckpointCommit {
        try transaction { state in
            guard let session = state.sessions[draft.session], session.revision == revision,
                session.coverage.checkpoint == draft.base, draft.fromSeq == session.coverage.seq + 1,
                draft.fromSeq <= draft.toSeq, draft.toSeq <= session.headSeq
            else { return .outdated }
            let checkpoint = state.insert(draft, at: now)
            state.sessions[session.id]?.coverage = Coverage(
                checkpoint: checkpoint.id, summaryTokens: draft.tokens, seq: draft.toSeq, liveMessages: 0,
                liveTokens: 0, nextSummaryAt: session.headSeq + Int64(draft.pause))
            state.sessions[session.id]?.revision += 1
            state.sessions[session.id]?.summaries += 1
            state.recount(session.id)
            return .committed(state.sessions[session.id] ?? session, checkpoint)
        }
    }

    /// Counters are made anew at each change, and the search reads the log itself: nothing derived can differ.
    package func audit(limit: Int) async throws(StoreError) -> [AuditFinding] { try transaction { _ in [] } }

    package func rebuild() async throws(StoreError) { try transaction { _ in } }
}

extension InMemoryState {
    mutating func insert(_ draft: CheckpointDraft, at now: Timestamp) -> Checkpoint {
        let checkpoint = Checkpoint(
            id: nextID(), session: draft.session, base: draft.base, fromSeq: draft.fromSeq, toSeq: draft.toSeq,
            text: draft.text, tokens: draft.tokens, tokenizer: draft.tokenizer, replacedTokens: draft.replacedTokens,
            author: draft.author, round: draft.round, createdAt: now)
        checkpoints[checkpoint.id] = checkpoint
        return checkpoint
    }
}
