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

    package func append(_ step: TurnStep, to turn: TurnID, at now: Timestamp) async throws(StoreError) -> StepCommit {
        try transaction { $0.append(step, to: turn, at: now) }
    }

    package func answer(
        standingAs message: String, in session: SessionID
    ) async throws(StoreError) -> SessionMessage? {
        try transaction { state in
            let turns = state.rows.values.filter { $0.row.messageID == message }.compactMap(\.row.turn)
            let answers = turns.compactMap { state.turns[$0] }.filter { $0.session == session }.compactMap(\.answer)
            let live = state.shown(of: session).filter {
                $0.role == .assistant && $0.seq > state.sessions[session]?.coverage.seq ?? 0
            }
            return live.suffix(64).last { answers.contains($0.seq) }
        }
    }

    package func tokenReports(limit: Int) async throws(StoreError) -> [TokenReport] {
        try transaction { Array($0.reports.suffix(max(0, limit))) }
    }

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
}

extension InMemoryState {
    fileprivate mutating func begin(
        _ draft: TurnDraft, attempts: Int, apology: [RenderedChunk], at now: Timestamp
    ) -> TurnStart {
        // One that ended takes the turn with it: its text, which a reset may have cleared, is part of the message.
        let open = draft.events
        guard open.allSatisfy({ events[$0]?.isFinished == false }) else { return .gone }
        guard let first = open.first, let key = events[first]?.entry.event.conversation else { return .gone }
        let draft = relocated(draft, to: key, by: events[first]?.entry.event)
        if let known = events[first]?.turn, var turn = turns[known] {
            guard turn.epoch == sessions[turn.session]?.epoch else { return .gone }
            guard turn.attempt < attempts else { return .setAside(rows: setAside(turn, apology: apology, at: now)) }
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
        if let last = draft.onlyAfter, !isNewest(last, in: key) { return .nothingToRetry }
        let (session, message): (Session, SessionMessage)
        var replacesTo: Int64?
        var (messageID, overwrites) = (draft.messageID, TurnID?.none)
        switch draft.work {
        case .answer(let new):
            let made = getOrCreate(draft.session, at: now)
            guard let appended = append(new, to: made.id, at: now) else { return .gone }
            (session, message) = (appended.session, appended.message)
        case .answerAgain:
            guard let known = self.session(of: draft.session.conversation),
                let newest = shown(of: known.id).last(where: { $0.role == .user })
            else { return .nothingToRetry }
            (session, message) = (getOrCreate(draft.session, at: now), newest)
            replacesTo = session.headSeq
            let last = newestDone(of: known.id)
            messageID = last?.message == newest.seq ? last?.messageID : nil
        case .answerEdited(let new, let since):
            guard let known = self.session(of: draft.session.conversation),
                let newest = shown(of: known.id).last(where: { $0.role == .user }), newest.text != new.text,
                let answered = newestDone(of: known.id), answered.epoch == known.epoch,
                answered.message == newest.seq, messageID != nil, answered.messageID == messageID,
                answered.endedAt.map({ $0 >= since }) ?? false,
                !turns.values.contains(where: { $0.session == known.id && $0.isOpen })
            else { return .nothingToRetry }
            if rows.values.contains(where: { $0.row.turn == answered.id && $0.isOpen }) { return .notYet }
            takeBack(newest.seq, through: known.headSeq, of: known.id, at: now)
            guard let appended = append(new, to: known.id, at: now) else { return .gone }
            (session, message) = (appended.session, appended.message)
            overwrites = answered.id
        }
        let id: TurnID = nextID()
        let reply = makeRow(in: key, address: draft.address, turn: id, chunk: 0, payload: nil)
        if let overwrites { takeOver(reply, of: id, from: overwrites) }
        let turn = StoredTurn(
            id: id, session: session.id, events: open, message: message.seq, reply: reply.id, epoch: session.epoch,
            replacesTo: replacesTo, person: draft.person, attempt: 1, status: .running, messageID: messageID)
        turns[id] = turn
        for event in open { events[event]?.turn = id }
        return start(of: turn)
    }

    /// The draft where its chat is now: it may have moved since the event was taken up.
    private func relocated(_ draft: TurnDraft, to key: ConversationKey, by event: InboundEvent?) -> TurnDraft {
        guard let event, draft.session.conversation != .key(key) else { return draft }
        var session = draft.session
        session.conversation = .key(key)
        session.externalChatID = key.chat
        return TurnDraft(
            events: draft.events, session: session, work: draft.work, address: event.replyAddress, person: draft.person,
            onlyAfter: draft.onlyAfter)
    }

    private func newestDone(of session: SessionID) -> StoredTurn? {
        turns.values.filter { $0.session == session && $0.endedAt != nil }.max { $0.id < $1.id }
    }

    /// Gives a reply the messages of the one whose place it takes.
    private mutating func takeOver(_ first: OutboxRow, of turn: TurnID, from earlier: TurnID) {
        let known = rows.values.filter { $0.row.turn == earlier }.map(\.row).sorted { $0.chunk < $1.chunk }
        for old in known where old.messageID != nil {
            let row =
                old.chunk == 0
                ? first
                : makeRow(
                    in: first.conversation, address: first.address, turn: turn, chunk: old.chunk, payload: nil)
            rows[row.id]?.row.messageID = old.messageID
        }
    }

    /// Its question may have changed since it was begun: the new text takes the place of the earlier one.
    private mutating func join(
        _ all: [InboxID], to turn: inout StoredTurn, _ draft: TurnDraft, at now: Timestamp
    ) {
        turn.events += all.filter { !turn.events.contains($0) }
        for event in all { events[event]?.turn = turn.id }
        // After a crash events come one by one, and a part of them says less than was known.
        let open = turn.events.filter { events[$0]?.isFinished == false }
        let known = messages[turn.session]?.first { $0.seq == turn.message }?.text
        let new: MessageDraft? =
            switch draft.work {
            case .answer(let message), .answerEdited(let message, since: _): message
            case .answerAgain: nil
            }
        guard let message = new, open.count == all.count, message.text != known else { return }
        let longer = MessageDraft(
            role: message.role, text: message.text, speaker: message.speaker, tokens: message.tokens,
            tokenizer: message.tokenizer, metadata: message.metadata)
        // Calls of tools stay with what they were made for: the new text follows them.
        if steps(of: turn).isEmpty { takeBack(turn.message, through: turn.message, of: turn.session, at: now) }
        turn.messageID = draft.messageID
        if let appended = append(longer, to: turn.session, at: now) { turn.message = appended.message.seq }
    }

    private func start(of turn: StoredTurn) -> TurnStart {
        guard let session = sessions[turn.session], let reply = rows[turn.reply]?.row,
            let message = messages[turn.session]?.first(where: { $0.seq == turn.message })
        else { return .gone }
        return .started(
            Turn(
                id: turn.id, session: session, epoch: turn.epoch, message: message, reply: reply,
                attempt: turn.attempt, steps: steps(of: turn).filter { $0.seq > message.seq }))
    }

    private mutating func setAside(_ turn: StoredTurn, apology: [RenderedChunk], at now: Timestamp) -> [OutboxRow] {
        withdrawSteps(of: turn, at: now)
        turns[turn.id]?.status = .ended
        finish(turn.events)
        return fill(turn, with: apology)
    }

    /// Makes the chunks the reply of the turn: the first go into the rows that its previews have opened.
    private mutating func fill(_ turn: StoredTurn, with chunks: [RenderedChunk]) -> [OutboxRow] {
        guard let reply = rows[turn.reply], reply.status == .making else { return [] }
        let ofTurn = rows.values.filter { $0.row.turn == turn.id }.sorted { $0.row.chunk < $1.row.chunk }
        let open = ofTurn.filter { $0.status == .making }
        guard !chunks.isEmpty else {
            for row in open { rows[row.row.id]?.status = .cancelled }
            return []
        }
        let settlement = ReplySettlement(open: open.map(\.row), chunks: chunks)
        for row in settlement.kept {
            rows[row.id]?.row = row
            rows[row.id]?.status = .ready
        }
        let removed = settlement.surplus.compactMap { giveLastWord(.nothing, to: $0.id) }
        let next = (ofTurn.last?.row.chunk ?? 0) + 1
        let added = settlement.added.enumerated().map { index, chunk in
            makeRow(
                in: reply.row.conversation, address: reply.row.address, turn: turn.id, chunk: next + index,
                payload: chunk)
        }
        return settlement.kept + removed + added
    }

    private func steps(of turn: StoredTurn) -> [SessionMessage] {
        shown(of: turn.session).filter { turn.steps.contains($0.seq) }
    }

    /// The old answer of a turn that was to replace it, and has come to none, stands as it was.
    mutating func withdrawSteps(of turn: StoredTurn, at now: Timestamp) {
        guard turn.replacesTo != nil else { return }
        for step in steps(of: turn) { takeBack(step.seq, through: step.seq, of: turn.session, at: now) }
    }

    fileprivate mutating func append(_ step: TurnStep, to id: TurnID, at now: Timestamp) -> StepCommit {
        guard let turn = turns[id] else { return .superseded }
        let externalID = step.message.externalID
        if let known = externalID.flatMap({ externalIDs[turn.session]?[$0] }), turn.steps.contains(known),
            let session = sessions[turn.session],
            let message = messages[turn.session]?.first(where: { $0.seq == known })
        {
            return .appended(session: session, message: message)
        }
        book(step.cost, of: turn, at: now)
        guard turn.status == .running, sessions[turn.session]?.epoch == turn.epoch,
            let appended = append(step.message, to: turn.session, at: now)
        else { return .superseded }
        turns[id]?.steps.append(appended.message.seq)
        sessions[turn.session]?.toolCalls += step.message.toolCalls.count
        return .appended(session: sessions[turn.session] ?? appended.session, message: appended.message)
    }

    private mutating func book(_ cost: RequestCost?, of turn: StoredTurn, at now: Timestamp) {
        guard let cost else { return }
        bookings.append(
            Booking(
                session: turn.session, turn: turn.id, model: cost.model, person: cost.person, usage: cost.usage, at: now
            ))
        if let counted = cost.counted, let model = cost.model {
            reports.append(TokenReport(model: model, counted: counted, reported: cost.usage.promptTokens))
        }
    }

    fileprivate mutating func commit(_ id: TurnID, _ result: TurnResult, at now: Timestamp) -> TurnCommit {
        guard let turn = turns[id] else { return .superseded }
        turns[id]?.usage = result.usage
        book(result.cost, of: turn, at: now)
        guard turn.status == .running, sessions[turn.session]?.epoch == turn.epoch else {
            turns[id]?.status = .superseded
            finish(turn.events)
            return .superseded
        }
        if let last = turn.replacesTo, result.message != nil {
            takeBack(turn.message + 1, through: last, of: turn.session, at: now)
        }
        if result.message == nil { withdrawSteps(of: turn, at: now) }
        let appended = result.message.flatMap { append($0, to: turn.session, at: now) }
        turns[id]?.status = .ended
        turns[id]?.endedAt = now
        turns[id]?.answer = appended?.message.seq
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
            stoppedTurns = supersede(of: session.id)
            standing = cancelReplies(of: session.id, stopped: stopped)
            clear(session.id, request)
        }
        let key = session?.key ?? request.event.flatMap { events[$0]?.entry.event.conversation }
        let dropped = key.map { waiting(in: $0, before: request.event) } ?? []
        finish(dropped)
        let summary = ResetSummary(clearedMessages: session?.messageCount ?? 0, droppedEvents: dropped.count)
        let rows = answer(request.event, with: confirmation(summary)) + standing
        return ResetOutcome(
            summary: summary, session: session.flatMap { sessions[$0.id] }, stoppedTurns: stoppedTurns, rows: rows)
    }

    /// Supersedes the open turns of a session that answer a message with this number or a later one; returns them.
    mutating func supersede(of session: SessionID, answering seq: Int64 = 0) -> [TurnID] {
        let open = turns.values.filter { $0.session == session && $0.isOpen && $0.message >= seq }
        for turn in open {
            turns[turn.id]?.status = .superseded
            finish(turn.events)
        }
        return open.map(\.id).sorted()
    }

    /// The events that wait in a conversation, of what came before one if it is given, but for commands that clear it.
    func waiting(in key: ConversationKey, before event: InboxID?) -> [InboxID] {
        events.values.filter { stored in
            let known = stored.entry.event
            guard !stored.isFinished, known.conversation == key, !known.body.clearsChat else { return false }
            return event.map { stored.entry.id < $0 } ?? true
        }.map(\.entry.id)
    }

    mutating func clear(_ id: SessionID, _ request: CommandRequest) {
        guard let session = sessions[id] else { return }
        resets[id, default: []].append(
            ResetRecord(
                at: request.at, floorBefore: session.floorSeq, head: session.headSeq, messages: session.messageCount,
                coverage: session.coverage, event: request.event, person: request.person))
        sessions[id]?.epoch += 1
        sessions[id]?.revision += 1
        sessions[id]?.floorSeq = session.headSeq
        sessions[id]?.coverage = Coverage(seq: session.headSeq, liveMessages: 0, liveTokens: 0)
        wake(id, at: request.at)
        recount(id)
    }

    /// Replies that have not arrived are cancelled; where a preview stands, or may stand, it gets its last word.
    mutating func cancelReplies(of session: SessionID, stopped: RenderedChunk) -> [OutboxRow] {
        var standing: [OutboxRow] = []
        var told: Set<TurnID> = []
        for stored in rows.values.sorted(by: { $0.row.id < $1.row.id }) {
            guard stored.isOpen, let turn = stored.row.turn, turns[turn]?.session == session
            else { continue }
            let mayStand = stored.row.messageID != nil || stored.row.isDoubtful
            let isSurplus = stored.row.payload?.isNothing == true
            let word = mayStand && !isSurplus && told.insert(turn).inserted ? stopped : .nothing
            if let row = giveLastWord(word, to: stored.row.id) { standing.append(row) }
        }
        for (id, stored) in rows where stored.status == .ready && stored.row.turn == nil {
            guard stored.row.conversation == sessions[session]?.key, stored.row.payload?.file != nil,
                !stored.row.isDoubtful
            else { continue }
            rows[id]?.status = .abandoned
            rows[id]?.reason = "reset"
        }
        return standing
    }

    /// Ends an open row: what stands of it, now or as soon as that is known, becomes the word. Returns the row to be edited now.
    private mutating func giveLastWord(_ word: RenderedChunk, to row: OutboxID) -> OutboxRow? {
        guard var stored = rows[row] else { return nil }
        stored.isOverruled = stored.status == .ready && stored.row.messageID != nil
        stored.row.payload = stored.row.messageID != nil || stored.row.isDoubtful ? word : nil
        stored.status = stored.row.messageID == nil ? .cancelled : .ready
        rows[row] = stored
        return stored.status == .ready ? stored.row : nil
    }
}
