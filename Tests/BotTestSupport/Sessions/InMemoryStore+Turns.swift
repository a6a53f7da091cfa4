package import BotCore

extension InMemoryStore {
    package func begin(
        _ draft: TurnDraft, attempts: Int, apology: [RenderedChunk], at now: Timestamp
    ) async throws(StoreError) -> TurnStart {
        try transaction { $0.begin(draft, attempts: attempts, apology: apology, at: now) }
    }

    package func commit(
        _ turn: TurnID, _ result: TurnResult, at now: Timestamp
    ) async throws(StoreError) -> TurnCommit {
        try transaction { $0.commit(turn, result, at: now) }
    }

    package func tokenReports(limit: Int) async throws(StoreError) -> [TokenReport] { [] }

    package func park(_ turn: TurnID) async throws(StoreError) {
        try transaction { state in
            guard state.turns[turn]?.status == .running else { return }
            state.turns[turn]?.status = .parked
            state.turns[turn]?.attempt -= 1
        }
    }

    package func reset(
        _ request: CommandRequest, stopped: RenderedChunk,
        confirmation: @escaping @Sendable (ResetSummary) -> [RenderedChunk]
    ) async throws(StoreError) -> ResetOutcome {
        try transaction { $0.reset(request, stopped: stopped, confirmation: confirmation) }
    }

    package func undoReset(
        _ request: CommandRequest, within: Duration, confirmation: @escaping @Sendable (Int?) -> [RenderedChunk]
    ) async throws(StoreError) -> UndoOutcome {
        try transaction { $0.undoReset(request, within: within, confirmation: confirmation) }
    }
}

extension InMemoryState {
    fileprivate mutating func begin(
        _ draft: TurnDraft, attempts: Int, apology: [RenderedChunk], at now: Timestamp
    ) -> TurnStart {
        // One that ended takes the turn with it: its text, which a reset may have cleared, is part of the message.
        let open = draft.events
        guard open.allSatisfy({ events[$0]?.isFinished == false }) else { return .gone }
        guard let first = open.first, let key = events[first]?.entry.event.conversation else { return .gone }
        if let known = events[first]?.turn, var turn = turns[known] {
            guard turn.epoch == sessions[turn.session]?.epoch else { return .gone }
            guard turn.attempt < attempts else { return .setAside(rows: setAside(turn, apology: apology)) }
            turn.attempt += 1
            turn.status = .running
            join(open, to: &turn, draft, at: now)
            turns[known] = turn
            if let row = rows[turn.reply], row.status != .making {
                rows[turn.reply]?.status = .making
                rows[turn.reply]?.row.payload = nil
            }
            return start(of: turn)
        }
        guard attempts > 0 else {
            finish(open)
            return .setAside(rows: makeRows(apology, in: key, address: draft.address))
        }
        let session = getOrCreate(draft.session, at: now)
        guard case .answer(let message) = draft.work else { return .nothingToRetry }
        guard let appended = append(message, to: session.id, at: now) else { return .gone }
        let id: TurnID = nextID()
        let reply = makeRow(in: key, address: draft.address, turn: id, chunk: 0, payload: nil)
        let turn = StoredTurn(
            id: id, session: session.id, events: open, message: appended.message.seq, reply: reply.id,
            epoch: appended.session.epoch, attempt: 1, status: .running)
        turns[id] = turn
        for event in open { events[event]?.turn = id }
        return start(of: turn)
    }

    /// More events may have been joined than before a crash: the longer text follows the shorter.
    private mutating func join(
        _ all: [InboxID], to turn: inout StoredTurn, _ draft: TurnDraft, at now: Timestamp
    ) {
        guard case .answer(let message) = draft.work, all.contains(where: { events[$0]?.turn == nil }) else { return }
        turn.events = all
        for event in all { events[event]?.turn = turn.id }
        let longer = MessageDraft(
            role: message.role, text: message.text, speaker: message.speaker, tokens: message.tokens,
            tokenizer: message.tokenizer)
        if let appended = append(longer, to: turn.session, at: now) { turn.message = appended.message.seq }
    }

    private func start(of turn: StoredTurn) -> TurnStart {
        guard let session = sessions[turn.session], let reply = rows[turn.reply]?.row,
            let message = messages[turn.session]?.first(where: { $0.seq == turn.message })
        else { return .gone }
        return .started(
            Turn(
                id: turn.id, session: session, epoch: turn.epoch, message: message, reply: reply,
                attempt: turn.attempt))
    }

    private mutating func setAside(_ turn: StoredTurn, apology: [RenderedChunk]) -> [OutboxRow] {
        turns[turn.id]?.status = .ended
        finish(turn.events)
        return fill(turn, with: apology)
    }

    /// Makes the chunks the reply of the turn: the first goes into the row that its previews belong to.
    private mutating func fill(_ turn: StoredTurn, with chunks: [RenderedChunk]) -> [OutboxRow] {
        guard var reply = rows[turn.reply], reply.status == .making else { return [] }
        guard let first = chunks.first else {
            rows[turn.reply]?.status = .cancelled
            return []
        }
        reply.row.payload = first
        reply.status = .ready
        rows[turn.reply] = reply
        var made = [reply.row]
        for (number, chunk) in chunks.enumerated().dropFirst() {
            made.append(
                makeRow(
                    in: reply.row.conversation, address: reply.row.address, turn: turn.id, chunk: number,
                    payload: chunk))
        }
        return made
    }

    fileprivate mutating func commit(_ id: TurnID, _ result: TurnResult, at now: Timestamp) -> TurnCommit {
        guard let turn = turns[id] else { return .superseded }
        turns[id]?.usage = result.usage
        guard turn.status == .running, sessions[turn.session]?.epoch == turn.epoch else {
            turns[id]?.status = .superseded
            finish(turn.events)
            return .superseded
        }
        let appended = result.message.flatMap { append($0, to: turn.session, at: now) }
        turns[id]?.status = .ended
        finish(turn.events)
        let rows = fill(turn, with: result.chunks)
        guard let session = sessions[turn.session] else { return .superseded }
        return .committed(session: session, appended: appended?.message, rows: rows)
    }

    fileprivate mutating func reset(
        _ request: CommandRequest, stopped: RenderedChunk, confirmation: (ResetSummary) -> [RenderedChunk]
    ) -> ResetOutcome {
        let session = session(of: request.conversation)
        if let event = request.event, events[event]?.isFinished != false {
            let nothing = ResetSummary(clearedMessages: 0, droppedEvents: 0)
            return ResetOutcome(summary: nothing, session: session, stoppedTurns: [], rows: [])
        }
        var standing: [OutboxRow] = []
        var stoppedTurns: [TurnID] = []
        if let session {
            for turn in turns.values where turn.session == session.id {
                guard turn.isOpen else { continue }
                turns[turn.id]?.status = .superseded
                finish(turn.events)
                stoppedTurns.append(turn.id)
            }
            standing = cancelReplies(of: session.id, stopped: stopped)
            clear(session.id, at: request.at)
        }
        let key = session?.key ?? request.event.flatMap { events[$0]?.entry.event.conversation }
        var dropped: [InboxID] = []
        for event in events.values where !event.isFinished && event.entry.event.conversation == key {
            if let command = request.event, event.entry.id >= command { continue }
            dropped.append(event.entry.id)
        }
        finish(dropped)
        let summary = ResetSummary(clearedMessages: session?.messageCount ?? 0, droppedEvents: dropped.count)
        let rows = answer(request.event, with: confirmation(summary)) + standing
        return ResetOutcome(
            summary: summary, session: session.flatMap { sessions[$0.id] }, stoppedTurns: stoppedTurns.sorted(),
            rows: rows)
    }

    private mutating func clear(_ id: SessionID, at now: Timestamp) {
        guard let session = sessions[id] else { return }
        resets[id, default: []].append(
            ResetRecord(at: now, floorBefore: session.floorSeq, head: session.headSeq))
        sessions[id]?.epoch += 1
        sessions[id]?.floorSeq = session.headSeq
        wake(id, at: now)
        recount(id)
    }

    /// Replies that have not arrived are cancelled; where a preview stands, or may stand, it gets its last word.
    private mutating func cancelReplies(of session: SessionID, stopped: RenderedChunk) -> [OutboxRow] {
        var standing: [OutboxRow] = []
        for var stored in rows.values.sorted(by: { $0.row.id < $1.row.id }) {
            guard stored.isOpen, let turn = stored.row.turn, turns[turn]?.session == session
            else { continue }
            stored.isOverruled = stored.status == .ready && stored.row.messageID != nil
            stored.row.payload = stored.row.messageID != nil || stored.row.isDoubtful ? stopped : nil
            stored.status = stored.row.messageID == nil ? .cancelled : .ready
            rows[stored.row.id] = stored
            if stored.status == .ready { standing.append(stored.row) }
        }
        return standing
    }

    private mutating func answer(_ event: InboxID?, with chunks: [RenderedChunk]) -> [OutboxRow] {
        guard let event, let stored = events[event], !stored.isFinished else { return [] }
        finish([event])
        return makeRows(
            chunks, in: stored.entry.event.conversation, address: stored.entry.event.replyAddress)
    }

    fileprivate mutating func undoReset(
        _ request: CommandRequest, within: Duration, confirmation: (Int?) -> [RenderedChunk]
    ) -> UndoOutcome {
        // A reset that cleared nothing is passed over, so that one sent twice can be taken back too.
        guard let session = session(of: request.conversation),
            let index = resets[session.id]?.lastIndex(where: { $0.floorBefore < $0.head }),
            let record = resets[session.id]?[index], record.outcome == .stands,
            request.at.since(record.at) < within
        else { return .nothing(rows: answer(request.event, with: confirmation(nil))) }
        resets[session.id]?[index].outcome = .undone
        sessions[session.id]?.floorSeq = record.floorBefore
        wake(session.id, at: request.at)
        recount(session.id)
        let restored = shown(of: session.id).filter { $0.seq <= record.head }.count
        let rows = answer(request.event, with: confirmation(restored))
        return .restored(messages: restored, session: sessions[session.id] ?? session, rows: rows)
    }
}
