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

    package func openPart(_ chunk: Int, of reply: OutboxID) async throws(StoreError) -> OutboxRow? {
        try transaction { state in
            guard chunk > 0, let first = state.rows[reply], first.status == .making, let turn = first.row.turn else {
                return nil
            }
            guard let known = state.rows.values.first(where: { $0.row.turn == turn && $0.row.chunk == chunk }) else {
                return state.makeRow(
                    in: first.row.conversation, address: first.row.address, turn: turn, chunk: chunk, payload: nil)
            }
            if known.status == .abandoned {
                state.rows[known.row.id]?.status = .making
                state.rows[known.row.id]?.row.payload = nil
                state.rows[known.row.id]?.endedAt = nil
            }
            return state.rows[known.row.id].flatMap { $0.status == .making ? $0.row : nil }
        }
    }

    package func beginFirstSend(of row: OutboxID) async throws(StoreError) -> Bool {
        try transaction { state in
            guard let stored = state.rows[row], stored.isOpen else { return false }
            if stored.row.messageID == nil {
                state.rows[row]?.row.isDoubtful = true
                // Long ago: a double has no clock, and an old first send is the careful answer.
                state.rows[row]?.row.doubtfulSince = Timestamp(rawValue: 0)
            }
            return true
        }
    }

    package func firstSendFailed(of row: OutboxID) async throws(StoreError) {
        try transaction { state in
            state.rows[row]?.row.isDoubtful = false
            state.rows[row]?.row.doubtfulSince = nil
            // It was kept for the message that it might have made.
            if state.rows[row]?.status == .cancelled { state.rows[row]?.row.payload = nil }
        }
    }

    package func previewStands(of row: OutboxID, as message: String) async throws(StoreError) -> OutboxRow? {
        try transaction { state in
            guard let stored = state.rows[row] else { return nil }
            if stored.status == .cancelled {
                state.revive(row, as: message)
            } else if stored.isOpen {
                state.stands(row, as: message)
            }
            return state.rows[row].flatMap { $0.status == .ready ? $0.row : nil }
        }
    }

    package func delivered(_ row: OutboxID, as message: String?, at now: Timestamp) async throws(StoreError) {
        try transaction { state in
            guard let stored = state.rows[row] else { return }
            if stored.status == .cancelled {
                if let message { state.revive(row, as: message) } else { state.rows[row]?.row.payload = nil }
            }
            guard stored.status == .ready else { return }
            if let message { state.stands(row, as: message) }
            state.rows[row]?.row.isDoubtful = false
            state.rows[row]?.row.doubtfulSince = nil
            state.rows[row]?.isOverruled = false
            if stored.isOverruled { return }
            state.rows[row]?.status = .delivered
            state.rows[row]?.endedAt = now
        }
    }

    package func postpone(_ row: OutboxID, until: Timestamp) async throws(StoreError) {
        try transaction { state in
            guard state.rows[row]?.isOpen == true else { return }
            state.rows[row]?.row.retryAt = until
            state.rows[row]?.row.attempts += 1
        }
    }

    package func replace(
        _ row: OutboxID, payload: RenderedChunk, messageID: String?
    ) async throws(StoreError) {
        try transaction { state in
            guard let stored = state.rows[row], stored.status == .ready else { return }
            // A text that a reset has put in stays: what would replace it is older.
            if !stored.isOverruled { state.rows[row]?.row.payload = payload }
            state.rows[row]?.row.messageID = messageID
            state.rows[row]?.row.isDoubtful = false
            state.rows[row]?.row.doubtfulSince = nil
        }
    }

    package func abandon(_ row: OutboxID, reason: String, at now: Timestamp) async throws(StoreError) {
        try transaction { state in
            if state.rows[row]?.isOpen == true { state.abandon(row, reason: reason, at: now) }
        }
    }

    package func abandonAll(
        in conversation: ConversationKey, upTo newest: OutboxID, reason: String, at now: Timestamp
    ) async throws(StoreError) {
        try transaction { state in
            state.abandonReady(upTo: newest, reason: reason, at: now) { $0 == conversation }
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
    fileprivate mutating func stands(_ row: OutboxID, as message: String) {
        rows[row]?.row.messageID = message
        rows[row]?.row.isDoubtful = false
        rows[row]?.row.doubtfulSince = nil
    }

    /// A cancelled row's message turned out to stand: it becomes what the row was cancelled with.
    fileprivate mutating func revive(_ row: OutboxID, as message: String) {
        guard rows[row]?.row.payload != nil else { return }
        stands(row, as: message)
        rows[row]?.status = .ready
    }

    /// Abandons what is ready of all replies of which a row is no newer than the given one.
    mutating func abandonReady(
        upTo newest: OutboxID?, reason: String, at now: Timestamp, where isConcerned: (ConversationKey) -> Bool
    ) {
        let concerned = rows.values.filter { isConcerned($0.row.conversation) }
        let old = concerned.filter { row in newest.map { row.row.id <= $0 } ?? true }
        let turns = Set(old.compactMap(\.row.turn))
        for row in concerned where row.status == .ready {
            let isOfOldTurn = row.row.turn.map(turns.contains) ?? false
            if isOfOldTurn || old.contains(where: { $0.row.id == row.row.id }) {
                abandon(row.row.id, reason: reason, at: now)
            }
        }
    }

    fileprivate mutating func abandon(_ row: OutboxID, reason: String, at now: Timestamp) {
        rows[row]?.status = .abandoned
        rows[row]?.reason = reason
        rows[row]?.endedAt = now
    }
}
