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

    package func applyEdit(_ edit: InboxID) async throws(StoreError) -> EditOutcome {
        try transaction { state in
            guard let stored = state.events[edit], !stored.isFinished else { return .notWaiting }
            if case .deleted(let message) = stored.entry.event.body {
                return state.delete(message, in: stored.entry.event.conversation, before: edit)
            }
            guard case .edited(let message) = stored.entry.event.body else { return .notWaiting }
            let earlier = state.events.values.filter { !$0.isFinished && $0.entry.id < edit }
            for other in earlier.sorted(by: { $0.entry.id > $1.entry.id }) {
                guard other.entry.event.conversation == stored.entry.event.conversation,
                    let known = other.entry.event.message(editedBy: message)
                else { continue }
                if known.text == message.text { return .waiting(other.entry) }
                let entry = InboxEntry(
                    id: other.entry.id, event: other.entry.event.replacing(known, by: message))
                state.events[other.entry.id]?.entry = entry
                return .waiting(entry)
            }
            return .notWaiting
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

extension InMemoryState {
    fileprivate mutating func delete(
        _ message: String, in conversation: ConversationKey, before deletion: InboxID
    ) -> EditOutcome {
        let waiting = events.values.filter {
            !$0.isFinished && $0.turn == nil && $0.entry.id < deletion
                && $0.entry.event.conversation.of(person: nil) == conversation
        }
        for other in waiting.sorted(by: { $0.entry.id > $1.entry.id }) {
            guard let event = other.entry.event.deleting(message) else { continue }
            let entry = InboxEntry(id: other.entry.id, event: event)
            events[entry.id]?.entry = entry
            return .waiting(entry)
        }
        return .notWaiting
    }
}
