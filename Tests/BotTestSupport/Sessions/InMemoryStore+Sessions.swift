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
        let messages = try transaction { Array($0.shown(of: session).suffix(max(0, limit))) }
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

    package func deactivate(_ session: SessionID) async throws(StoreError) -> Bool {
        try transaction { state in
            state.sessions[session]?.isActive = false
            return state.sessions[session] != nil
        }
    }

    package func erase(_ session: SessionID) async throws(StoreError) -> Bool {
        try transaction { state in
            guard let gone = state.sessions.removeValue(forKey: session) else { return false }
            state.sessionOfConversation[gone.conversation] = nil
            state.messages[session] = nil
            state.externalIDs[session] = nil
            state.resets[session] = nil
            state.turns = state.turns.filter { $0.value.session != session }
            if let key = gone.key {
                state.conversations[key] = nil
                state.finish(state.events.values.map(\.entry).filter { $0.event.conversation == key }.map(\.id))
                state.rows = state.rows.filter { $0.value.row.conversation != key }
            }
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
            for (session, records) in state.resets {
                // A reset that a later one covers is cleared with it, so the newest old one decides.
                guard let head = records.last(where: { $0.at < before && $0.outcome != .undone })?.head else {
                    continue
                }
                let cleared = (state.messages[session] ?? []).prefix { $0.seq <= head }.prefix(limit - deleted)
                state.messages[session]?.removeFirst(cleared.count)
                deleted += cleared.count
                for index in records.indices where records[index].at < before && records[index].outcome == .stands {
                    state.resets[session]?[index].outcome = .deleting
                }
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
                guard session.isActive else { continue }
                statistics.activeSessions += 1
                statistics.activeMessages += session.messageCount
                statistics.activeByInterface[session.interfaceType, default: 0] += 1
            }
            return statistics
        }
    }
}
