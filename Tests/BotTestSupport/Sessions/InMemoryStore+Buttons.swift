package import BotCore

extension InMemoryStore {
    package func standing(
        of action: ReplyAction, in conversation: ConversationKey, at now: Timestamp, undoWithin period: Duration
    ) async throws(StoreError) -> ButtonStanding? {
        try transaction { state in
            guard let session = state.session(of: .key(conversation)) else { return nil }
            switch action {
            case .retry(let id), .resume(let id):
                guard let turn = state.turns[id], turn.session == session.id else { return nil }
                let message = state.messages[session.id]?.first { $0.seq == turn.message }
                return ButtonStanding(
                    person: turn.person, name: message?.speaker, isCurrent: state.isNewest(id, in: conversation))
            case .undoReset(let event):
                guard let record = state.resets[session.id]?.first(where: { $0.event == event }) else { return nil }
                let newest = state.undoableReset(of: session, at: now, within: period)
                return ButtonStanding(
                    person: record.person, name: nil,
                    isCurrent: newest.map { state.resets[session.id]?[$0].event == event } ?? false)
            case .decide: return nil
            }
        }
    }

    package func undoReset(
        _ reset: InboxID, _ request: CommandRequest, within: Duration,
        confirmation: @escaping @Sendable (_ messages: Int) -> [RenderedChunk]
    ) async throws(StoreError) -> CommandOutcome {
        try transaction { state in
            state.run(request) { state, session in
                guard let session, let index = state.undoableReset(of: session, at: request.at, within: within),
                    state.resets[session.id]?[index].event == reset
                else { return ([], []) }
                return (confirmation(state.restore(session.id, index, at: request.at)), [])
            }
        }
    }
}

extension InMemoryState {
    /// Whether a turn's answer is the newest thing of its chat.
    func isNewest(_ id: TurnID, in conversation: ConversationKey) -> Bool {
        guard let turn = turns[id], let session = session(of: .key(conversation)), turn.session == session.id,
            turn.status == .ended, turn.epoch == session.epoch,
            shown(of: session.id).last(where: { $0.role == .user })?.seq == turn.message
        else { return false }
        return !turns.values.contains {
            $0.id > id && $0.session == session.id && $0.message == turn.message && $0.status != .superseded
        }
    }

    /// The newest reset that cleared something, if it can be taken back: one that cleared nothing is passed over, so that one sent twice
    /// can be taken back too.
    func undoableReset(of session: Session, at now: Timestamp, within: Duration) -> Int? {
        guard session.messageCount == 0,
            let index = resets[session.id]?.lastIndex(where: { $0.messages > 0 && $0.outcome != .undone }),
            let record = resets[session.id]?[index], record.outcome == .stands, now.since(record.at) < within
        else { return nil }
        return index
    }

    /// Takes a reset back; returns how many messages it had cleared.
    mutating func restore(_ id: SessionID, _ index: Int, at now: Timestamp) -> Int {
        guard let record = resets[id]?[index] else { return 0 }
        resets[id]?[index].outcome = .undone
        sessions[id]?.floorSeq = record.floorBefore
        sessions[id]?.coverage = record.coverage
        sessions[id]?.revision += 1
        wake(id, at: now)
        recount(id)
        return record.messages
    }
}
