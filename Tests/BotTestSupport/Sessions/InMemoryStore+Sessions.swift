package import BotCore

extension InMemoryStore {
    package func getOrCreate(_ draft: SessionDraft, at now: Timestamp) async throws(StoreError) -> Session {
        try transaction { state -> Result<Session, StoreError> in
            if case .number(let number) = draft.conversation, number >= .firstOfPlatforms,
                state.session(of: draft.conversation) == nil
            {
                return .failure(.failed("numbers from 2^32 on are the platforms'"))
            }
            return .success(state.getOrCreate(draft, at: now))
        }.get()
    }

    package func session(_ id: SessionID) async throws(StoreError) -> Session? {
        try transaction { $0.sessions[id] }
    }

    package func session(of conversation: ConversationID) async throws(StoreError) -> Session? {
        try transaction { $0.session(of: .number(conversation)) }
    }

    package func session(of key: ConversationKey) async throws(StoreError) -> Session? {
        try transaction { $0.session(of: .key(key)) }
    }

    package func activeSessions(limit: Int) async throws(StoreError) -> [Session] {
        try transaction { state in
            let active = state.sessions.values.filter(\.isActive)
            return Array(active.sorted { ($0.lastActiveAt, $0.id) > ($1.lastActiveAt, $1.id) }.prefix(max(0, limit)))
        }
    }

    package func append(
        _ message: MessageDraft, to session: SessionID, at now: Timestamp
    ) async throws(StoreError) -> Appended? {
        try transaction { $0.append(message, to: session, at: now) }
    }

    package func newestMessages(of session: SessionID, limit: Int) async throws(StoreError) -> [SessionMessage] {
        let messages = try transaction { state in
            let covered = state.sessions[session]?.coverage.seq ?? 0
            return Array(state.shown(of: session).filter { $0.seq > covered }.suffix(max(0, limit)))
        }
        if let hook = takeReadHook() { await hook() }
        return messages
    }

    package func updateState(
        of session: SessionID, with patch: [String: JSONValue], at now: Timestamp
    ) async throws(StoreError) -> Session? {
        try transaction { state in
            state.sessions[session]?.state.merge(patch) { _, new in new }
            state.wake(session, at: now)
            return state.sessions[session]
        }
    }

    package func chooseModel(_ name: String?, of session: SessionID) async throws(StoreError) -> Session? {
        try transaction { state in
            state.sessions[session]?.chosenModel = name
            return state.sessions[session]
        }
    }

    package func deactivate(_ session: SessionID) async throws(StoreError) -> Bool {
        try transaction { state in
            state.sessions[session]?.isActive = false
            return state.sessions[session] != nil
        }
    }

    package func erase(_ session: SessionID) async throws(StoreError) -> Bool {
        try transaction { state in
            guard let gone = state.sessions[session] else { return false }
            _ = state.supersede(of: session)
            _ = state.cancelReplies(of: session, stopped: RenderedChunk(text: "(stopped)"))
            _ = state.erase(gone, in: gone.key, before: nil)
            return true
        }
    }

    package func count(toolCalls: Int, errors: Int, in session: SessionID) async throws(StoreError) {
        try transaction { state in
            state.sessions[session]?.toolCalls += toolCalls
            state.sessions[session]?.errors += errors
        }
    }

    package func expire(at now: Timestamp, limit: Int) async throws(StoreError) -> [SessionID] {
        try transaction { state in
            let expired = state.sessions.values.filter { $0.isActive && $0.expiresAt <= now }
            let ids = expired.sorted { $0.lastActiveAt < $1.lastActiveAt }.map(\.id).prefix(max(0, limit))
            for id in ids { state.sessions[id]?.isActive = false }
            return Array(ids)
        }
    }

    package func deleteCleared(before: Timestamp, limit: Int) async throws(StoreError) -> Int {
        try transaction { state in
            var deleted = 0
            for session in state.sessions.keys.sorted() {
                deleted += state.deleteCleared(of: session, before: before, limit: limit - deleted)
            }
            return deleted
        }
    }

    package func statistics() async throws(StoreError) -> StoreStatistics {
        try transaction { state in
            var statistics = StoreStatistics()
            for session in state.sessions.values {
                statistics.totalSessions += 1
                statistics.totalMessages += session.messageCount
                statistics.totalTokens += session.totalTokens
                statistics.toolCalls += session.toolCalls
                statistics.errors += session.errors
                statistics.summaries += session.summaries
                guard session.isActive else { continue }
                statistics.activeSessions += 1
                statistics.activeMessages += session.messageCount
                statistics.activeByInterface[session.interfaceType, default: 0] += 1
            }
            return statistics
        }
    }
}

extension InMemoryState {
    /// Deletes what was cleared or taken back before a moment; returns how many messages.
    fileprivate mutating func deleteCleared(of session: SessionID, before: Timestamp, limit: Int) -> Int {
        let resets = (resets[session] ?? []).filter { $0.at < before && $0.outcome != .undone }
        let taken = (takenBack[session] ?? []).filter { $0.at < before }
        for index in self.resets[session]?.indices ?? 0..<0 {
            guard let reset = self.resets[session]?[index], reset.at < before, reset.outcome != .undone else {
                continue
            }
            self.resets[session]?[index].outcome = .deleting
        }
        let old = (messages[session] ?? []).filter { message in
            resets.contains { $0.floorBefore < message.seq && message.seq <= $0.head }
                || taken.contains { $0.first <= message.seq && message.seq <= $0.last }
        }
        let gone = Set(old.prefix(max(0, limit)).map(\.seq))
        messages[session]?.removeAll { gone.contains($0.seq) }
        // The summaries that hold them go with the last of them.
        if gone.count == old.count {
            checkpoints = checkpoints.filter { id, checkpoint in
                checkpoint.session != session
                    || !resets.contains { $0.floorBefore < checkpoint.fromSeq && checkpoint.toSeq <= $0.head }
                        && !taken.contains { $0.first <= checkpoint.toSeq && $0.newest.map { id <= $0 } ?? false }
            }
        }
        return gone.count
    }

    /// Takes a conversation away with all that belongs to it.
    mutating func erase(_ session: Session?, in key: ConversationKey?, before event: InboxID?) -> Forgotten {
        let held = holdings(of: session)
        if let session {
            let id = session.id
            sessions[id] = nil
            sessionOfConversation[session.conversation] = nil
            messages[id] = nil
            externalIDs[id] = nil
            resets[id] = nil
            hidden[id] = nil
            takenBack[id] = nil
            checkpoints = checkpoints.filter { $0.value.session != id }
            turns = turns.filter { $0.value.session != id }
        }
        var dropped: [InboxID] = []
        if let key {
            conversations[key] = nil
            dropped = waiting(in: key, before: event)
            finish(dropped)
            // Previews that were stopped are still to be edited in the chat.
            rows = rows.filter {
                $0.value.row.conversation != key || $0.value.row.turn != nil && $0.value.row.payload != nil
            }
        }
        return Forgotten(messages: held.messages, summaries: held.summaries, droppedEvents: dropped.count)
    }

    func holdings(of session: Session?) -> Holdings {
        let messages = session.flatMap { self.messages[$0.id] } ?? []
        return Holdings(
            messages: messages.count, summaries: checkpoints.values.filter { $0.session == session?.id }.count,
            since: messages.first?.createdAt)
    }
}
