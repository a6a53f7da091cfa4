package import BotCore

/// The outbox's contract as plain state, for tests that need no database.
package struct OutboxModel: Sendable {
    package enum Fate: Sendable, Equatable {
        case open, ready, delivered, cancelled, abandoned(String)
    }

    package private(set) var rows: [OutboxID: OutboxRow] = [:]
    package private(set) var fates: [OutboxID: Fate] = [:]
    private var overruled: Set<OutboxID> = []
    private var nextID: Int64 = 1

    package init() {}

    package var hasUnended: Bool { fates.values.contains { $0 == .open || $0 == .ready } }

    /// Adds a row; without payload it is the open reply of a turn.
    package mutating func add(
        _ text: String?, markup: String? = nil, in conversation: ConversationKey, turn: TurnID? = nil, chunk: Int = 0
    ) -> OutboxRow {
        let id = OutboxID(nextID)
        nextID += 1
        let row = OutboxRow(
            id: id, conversation: conversation, address: ReplyAddress(rawValue: conversation.chat), turn: turn,
            chunk: chunk, nonce: "n\(id)", payload: text.map { RenderedChunk(text: $0, markup: markup) })
        rows[id] = row
        fates[id] = text == nil ? .open : .ready
        return row
    }

    /// Gives the rows of a chat that have not ended its new name.
    package mutating func move(_ move: ChatMove) {
        for (id, row) in rows where fates[id] == .open || fates[id] == .ready {
            guard let name = move.newName(of: row.conversation) else { continue }
            rows[id]?.conversation = name
            rows[id]?.address = ReplyAddress(rawValue: name.chat)
            rows[id]?.messageID = nil
        }
    }

    /// Gives an open reply its final text, as the commit of its turn does.
    package mutating func commit(_ id: OutboxID, _ text: String) -> OutboxRow? {
        guard fates[id] == .open else { return nil }
        rows[id]?.payload = RenderedChunk(text: text)
        fates[id] = .ready
        return rows[id]
    }

    /// Opens the row of a further message, or finds it again.
    package mutating func openPart(_ chunk: Int, of reply: OutboxID) -> OutboxRow? {
        guard let first = rows[reply], fates[reply] == .open, let turn = first.turn else { return nil }
        if let known = rows.values.first(where: { $0.turn == turn && $0.chunk == chunk }) {
            return fates[known.id] == .open ? known : nil
        }
        return add(nil, in: first.conversation, turn: turn, chunk: chunk)
    }

    /// Gives the open rows of a reply its messages, and makes rows for those that are left.
    package mutating func commit(_ reply: OutboxID, parts: [String]) -> [OutboxRow] {
        guard let first = rows[reply], fates[reply] == .open, let turn = first.turn else { return [] }
        let ofTurn = rows.values.filter { $0.turn == turn }.sorted { $0.chunk < $1.chunk }
        let settlement = ReplySettlement(
            open: ofTurn.filter { fates[$0.id] == .open }, chunks: parts.map { RenderedChunk(text: $0) })
        for row in settlement.kept {
            rows[row.id] = row
            fates[row.id] = .ready
        }
        let removed = settlement.surplus.compactMap { cancel($0.id, lastWord: "") }
        let next = (ofTurn.last?.chunk ?? 0) + 1
        let added = settlement.added.enumerated().map { index, chunk in
            add(chunk.text, in: first.conversation, turn: turn, chunk: next + index)
        }
        return settlement.kept + removed + added
    }

    /// Cancels a row, as a reset does; a preview that stands, or may stand, gets its last word.
    package mutating func cancel(_ id: OutboxID, lastWord: String) -> OutboxRow? {
        guard fates[id] == .open || fates[id] == .ready else { return nil }
        // An edit to the older text may be under way: its success must not end the row.
        if fates[id] == .ready, rows[id]?.messageID != nil { overruled.insert(id) }
        fates[id] = .cancelled
        rows[id]?.payload = RenderedChunk(text: lastWord)
        guard rows[id]?.messageID != nil else { return nil }
        fates[id] = .ready
        return rows[id]
    }

    /// Deletes a row, as the erasing of its chat does.
    package mutating func erase(_ id: OutboxID) {
        rows[id] = nil
        fates[id] = nil
    }

    package func ready(on platform: Platform, after: OutboxID?, limit: Int) -> [OutboxRow] {
        let ids = fates.filter { entry in entry.value == .ready && after.map { entry.key > $0 } ?? true }.keys.sorted()
        return Array(ids.compactMap { rows[$0] }.filter { $0.conversation.platform == platform }.prefix(limit))
    }

    package mutating func beginFirstSend(of id: OutboxID) -> Bool {
        guard fates[id] == .open || fates[id] == .ready else { return false }
        rows[id]?.isDoubtful = true
        rows[id]?.attempts += 1
        return true
    }

    package mutating func firstSendFailed(of id: OutboxID) { rows[id]?.isDoubtful = false }

    package mutating func previewStands(of id: OutboxID, as message: String) -> OutboxRow? {
        rows[id]?.messageID = message
        rows[id]?.isDoubtful = false
        if fates[id] == .cancelled { fates[id] = .ready }
        return fates[id] == .open ? nil : rows[id]
    }

    package mutating func delivered(_ id: OutboxID, as message: String?) {
        if let message { rows[id]?.messageID = message }
        // What a reset overruled or cancelled on its way still gets its last word.
        let isOverruled = overruled.remove(id) != nil || (fates[id] == .cancelled && message != nil)
        fates[id] = isOverruled ? .ready : .delivered
    }

    package mutating func postpone(_ id: OutboxID, until: Timestamp) { rows[id]?.retryAt = until }

    package mutating func replace(_ id: OutboxID, payload: RenderedChunk, messageID: String?) {
        rows[id]?.payload = payload
        rows[id]?.messageID = messageID
        rows[id]?.isDoubtful = false
    }

    package mutating func abandon(_ id: OutboxID, reason: String) { fates[id] = .abandoned(reason) }

    package mutating func abandonAll(in conversation: ConversationKey, upTo newest: OutboxID, reason: String) {
        let old = rows.values.filter { $0.conversation == conversation && $0.id <= newest }
        let turns = Set(old.compactMap(\.turn))
        for (id, row) in rows where row.conversation == conversation && fates[id] == .ready {
            if id <= newest || row.turn.map(turns.contains) ?? false { fates[id] = .abandoned(reason) }
        }
    }
}
