package import BotCore

extension InMemoryStore {
    package func undo(
        _ request: CommandRequest, within: Duration, confirmation: @escaping @Sendable (Undone) -> [RenderedChunk]
    ) async throws(StoreError) -> CommandOutcome {
        try transaction { state in
            state.run(request) { state, session in
                let (done, stopped) = session.map { state.undo($0, request, within: within) } ?? (.nothing, [])
                return (confirmation(done), stopped)
            }
        }
    }

    package func forget(
        _ request: CommandRequest, stopped: RenderedChunk,
        confirmation: @escaping @Sendable (Forgotten) -> [RenderedChunk]
    ) async throws(StoreError) -> CommandOutcome {
        try transaction { state in
            var standing: [OutboxRow] = []
            let outcome = state.run(request) { state, session in
                let turns = session.map { state.supersede(of: $0.id) } ?? []
                standing = session.map { state.cancelReplies(of: $0.id, stopped: stopped) } ?? []
                let key = session?.key ?? request.event.flatMap { state.events[$0]?.entry.event.conversation }
                return (confirmation(state.erase(session, in: key, before: request.event)), turns)
            }
            return CommandOutcome(
                session: outcome.session, stoppedTurns: outcome.stoppedTurns, rows: outcome.rows + standing)
        }
    }

    package func holdings(of conversation: SessionDraft.Conversation) async throws(StoreError) -> Holdings {
        try transaction { $0.holdings(of: $0.session(of: conversation)) }
    }

    package func scrub() async throws(StoreError) { try transaction { $0.scrubs += 1 } }

    package func takeBackSummary(
        _ request: CommandRequest, pause: Int, confirmation: @escaping @Sendable (Checkpoint?) -> [RenderedChunk]
    ) async throws(StoreError) -> CommandOutcome {
        try transaction { state in
            state.run(request) { state, session in
                guard let session, let newest = session.coverage.checkpoint.flatMap({ state.checkpoints[$0] }) else {
                    return (confirmation(nil), [])
                }
                state.stepBack(session.id)
                state.sessions[session.id]?.coverage.nextSummaryAt = session.headSeq + Int64(pause)
                state.sessions[session.id]?.revision += 1
                state.wake(session.id, at: request.at)
                state.recount(session.id)
                return (confirmation(newest), [])
            }
        }
    }
}

extension InMemoryState {
    /// Runs a command, unless its event has ended already.
    mutating func run(
        _ request: CommandRequest, _ work: (inout InMemoryState, Session?) -> ([RenderedChunk], [TurnID])
    ) -> CommandOutcome {
        let before = session(of: request.conversation)
        if let event = request.event, events[event]?.isFinished != false {
            return CommandOutcome(session: before, rows: [])
        }
        let (chunks, stopped) = work(&self, before)
        let rows = answer(request.event, with: chunks)
        return CommandOutcome(session: session(of: request.conversation), stoppedTurns: stopped, rows: rows)
    }

    fileprivate mutating func undo(
        _ session: Session, _ request: CommandRequest, within: Duration
    ) -> (Undone, [TurnID]) {
        if let index = undoableReset(of: session, at: request.at, within: within) {
            return (.reset(messages: restore(session.id, index, at: request.at)), [])
        }
        guard let message = shown(of: session.id).last(where: { $0.role == .user }) else { return (.nothing, []) }
        let stopped = supersede(of: session.id, answering: message.seq)
        for row in rows.values where row.isOpen && row.row.turn.map(stopped.contains) ?? false {
            rows[row.row.id]?.status = .cancelled
            rows[row.row.id]?.row.payload = nil
        }
        let count = takeBack(message.seq, through: session.headSeq, of: session.id, at: request.at)
        return (.exchange(messages: count, question: message.text), stopped)
    }

    /// Takes messages back; returns how many of those that were shown.
    @discardableResult
    mutating func takeBack(
        _ first: Int64, through last: Int64, of id: SessionID, at now: Timestamp
    ) -> Int {
        let range = shown(of: id).map(\.seq).filter { $0 >= first && $0 <= last }
        if range.isEmpty { return 0 }
        let newest = checkpoints.values.filter { $0.session == id }.map(\.id).max()
        takenBack[id, default: []].append(TakenBack(at: now, first: first, last: last, newest: newest))
        hidden[id, default: []].formUnion(range)
        while let coverage = sessions[id]?.coverage, coverage.checkpoint != nil, coverage.seq >= first { stepBack(id) }
        sessions[id]?.revision += 1
        wake(id, at: now)
        recount(id)
        return range.count
    }

    /// Lets a session stand on the checkpoint before its newest.
    fileprivate mutating func stepBack(_ id: SessionID) {
        guard let session = sessions[id] else { return }
        let base = session.coverage.checkpoint.flatMap { checkpoints[$0]?.base }.flatMap { checkpoints[$0] }
        sessions[id]?.coverage.checkpoint = base?.id
        sessions[id]?.coverage.summaryTokens = base?.tokens ?? 0
        sessions[id]?.coverage.seq = base?.toSeq ?? session.floorSeq
    }
}
