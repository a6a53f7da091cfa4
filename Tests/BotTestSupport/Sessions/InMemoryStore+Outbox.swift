package import BotCore

extension InMemoryStore {
    package func ready(
        on platform: Platform, after: OutboxID?, limit: Int
    ) async throws(StoreError) -> [OutboxRow] {
        try transaction { state in
            let ready = state.rows.values.filter { $0.status == .ready && $0.row.conversation.platform == platform }
            let rows = ready.map(\.row).sorted { $0.id < $1.id }
            let later = after.map { after in rows.filter { $0.id > after } } ?? rows
            return Array(later.prefix(max(0, limit)))
        }
    }

    package func beginFirstSend(of row: OutboxID) async throws(StoreError) -> Bool {
        try transaction { state in
            guard let stored = state.rows[row], stored.status == .making || stored.status == .ready else {
                return false
            }
            state.rows[row]?.row.isDoubtful = true
            state.rows[row]?.row.attempts += 1
            return true
        }
    }

    package func firstSendFailed(of row: OutboxID) async throws(StoreError) {
        try transaction { $0.rows[row]?.row.isDoubtful = false }
    }

    package func previewStands(of row: OutboxID, as message: String) async throws(StoreError) -> OutboxRow? {
        try transaction { state in
            guard var stored = state.rows[row] else { return nil }
            stored.row.messageID = message
            stored.row.isDoubtful = false
            // A row that was cancelled while its preview was on the way must still get its last word.
            if stored.status == .cancelled, stored.row.payload != nil { stored.status = .ready }
            state.rows[row] = stored
            return stored.status == .making ? nil : stored.row
        }
    }

    package func delivered(_ row: OutboxID, as message: String?, at now: Timestamp) async throws(StoreError) {
        try transaction { state in
            state.rows[row]?.status = .delivered
            state.rows[row]?.endedAt = now
            state.rows[row]?.row.isDoubtful = false
            if let message { state.rows[row]?.row.messageID = message }
        }
    }

    package func postpone(_ row: OutboxID, until: Timestamp) async throws(StoreError) {
        try transaction { $0.rows[row]?.row.retryAt = until }
    }

    package func replace(
        _ row: OutboxID, payload: RenderedChunk, messageID: String?
    ) async throws(StoreError) {
        try transaction { state in
            state.rows[row]?.row.payload = payload
            state.rows[row]?.row.messageID = messageID
            state.rows[row]?.row.isDoubtful = false
        }
    }

    package func abandon(_ row: OutboxID, reason: String, at now: Timestamp) async throws(StoreError) {
        try transaction { $0.abandon(row, reason: reason, at: now) }
    }

    package func abandonAll(
        in conversation: ConversationKey, reason: String, at now: Timestamp
    ) async throws(StoreError) {
        try transaction { state in
            for row in state.rows.values where row.row.conversation == conversation {
                guard row.status == .making || row.status == .ready else { continue }
                state.abandon(row.row.id, reason: reason, at: now)
            }
        }
    }

    package func queueNotice(
        _ chunks: [RenderedChunk], in conversation: ConversationKey, address: ReplyAddress, at now: Timestamp
    ) async throws(StoreError) -> [OutboxRow] {
        try transaction { $0.makeRows(chunks, in: conversation, address: address) }
    }

    package func forgetEnded(before: Timestamp, limit: Int) async throws(StoreError) -> Int {
        try transaction { state in
            let old = state.rows.values.filter { row in row.endedAt.map { $0 < before } ?? false }
            let ids = old.map(\.row.id).sorted().prefix(max(0, limit))
            for id in ids { state.rows[id] = nil }
            return ids.count
        }
    }
}

extension InMemoryState {
    fileprivate mutating func abandon(_ row: OutboxID, reason: String, at now: Timestamp) {
        rows[row]?.status = .abandoned
        rows[row]?.reason = reason
        rows[row]?.endedAt = now
    }
}
