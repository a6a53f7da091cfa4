package import BotCore

extension InMemoryStore {
    package func cursor(named name: String) async throws(StoreError) -> String? {
        try transaction { $0.cursors[name] }
    }

    package func setCursor(named name: String, to value: String?) async throws(StoreError) {
        try transaction { $0.cursors[name] = value }
    }

    package func accept(_ events: [InboundEvent], cursor: Cursor?) async throws(StoreError) -> [InboxEntry] {
        try transaction { state in
            var new: [InboxEntry] = []
            for event in events {
                let place = event.conversation
                let name = "\(place.platform)/\(place.account)/\(event.externalID)"
                guard state.seen[name] == nil else { continue }
                let entry = InboxEntry(id: state.nextID(), event: event)
                state.seen[name] = entry.id
                state.events[entry.id] = InMemoryState.StoredEvent(entry: entry)
                new.append(entry)
            }
            if let cursor { state.cursors[cursor.name] = cursor.value }
            return new
        }
    }

    package func unfinished(after: InboxID?, limit: Int) async throws(StoreError) -> [InboxEntry] {
        try transaction { state in
            let open = state.events.values.filter { !$0.isFinished }.map(\.entry).sorted { $0.id < $1.id }
            let later = after.map { after in open.filter { $0.id > after } } ?? open
            return Array(later.prefix(max(0, limit)))
        }
    }

    package func finish(
        _ event: InboxID, answer: [RenderedChunk], at now: Timestamp
    ) async throws(StoreError) -> [OutboxRow] {
        try transaction { state in
            guard let stored = state.events[event], !stored.isFinished else { return [] }
            state.finish([event])
            if let turn = stored.turn { state.giveUpIfEmpty(turn) }
            return state.makeRows(
                answer, in: stored.entry.event.conversation, address: stored.entry.event.replyAddress)
        }
    }

    package func forgetFinished(before: Timestamp, limit: Int) async throws(StoreError) -> Int {
        try transaction { state in
            let old = state.events.values.filter { $0.isFinished && $0.entry.event.receivedAt < before }
            let ids = old.map(\.entry.id).sorted().prefix(max(0, limit))
            for id in ids { state.events[id] = nil }
            state.seen = state.seen.filter { !ids.contains($0.value) }
            return ids.count
        }
    }
}
