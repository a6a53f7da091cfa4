import BotCore

/// What an `InMemoryStore` holds. Its methods are the steps that several use cases share.
struct InMemoryState: Sendable {
    struct StoredEvent: Sendable {
        var entry: InboxEntry
        var isFinished = false
        var turn: TurnID?
    }

    enum RowStatus: Sendable { case making, ready, cancelled, delivered, abandoned }

    struct StoredRow: Sendable {
        var row: OutboxRow
        var status: RowStatus
        var endedAt: Timestamp?
        var reason: String?
        /// A reset gave it another text while an edit to its own may have been under way.
        var isOverruled = false

        var isOpen: Bool { status == .making || status == .ready }
    }

    enum TurnStatus: Sendable { case running, parked, ended, superseded }

    struct StoredTurn: Sendable {
        let id: TurnID
        var session: SessionID
        var events: [InboxID]
        var message: Int64
        let reply: OutboxID
        var epoch: Int64
        /// For another answer: when it commits, what stands in the log up to here is taken back.
        var replacesTo: Int64?
        /// Who asked, in shared chats.
        let person: String?
        var attempt: Int
        var status: TurnStatus
        var usage: TokenUsage?
        /// The numbers of what it has added to the log before its answer.
        var steps: [Int64] = []
        /// The platform's id of the message that it answers.
        var messageID: String?
        var endedAt: Timestamp?
        /// The number of its answer.
        var answer: Int64?

        var isOpen: Bool { status == .running || status == .parked }
    }

    /// The cost of one request; without a turn it was for a summary.
    struct Booking: Sendable {
        var session: SessionID
        let turn: TurnID?
        let model: String?
        let person: String?
        let usage: TokenUsage
        let at: Timestamp
    }

    /// One reset: what it cleared are the messages in `(floorBefore, head]`.
    struct ResetRecord: Sendable {
        enum Outcome: Sendable { case stands, undone, deleting }

        let at: Timestamp
        let floorBefore: Int64
        let head: Int64
        /// How many messages it cleared, and what the summary covered.
        let messages: Int
        let coverage: Coverage
        /// The event that asked for it, and who did, in shared chats.
        let event: InboxID?
        let person: String?
        var outcome = Outcome.stands
    }

    /// Messages in `first...last` were taken back.
    struct TakenBack: Sendable {
        let at: Timestamp
        let first: Int64
        let last: Int64
        /// The newest checkpoint of then.
        let newest: CheckpointID?
    }

    struct PairingCode: Sendable {
        let hash: [UInt8]
        let expiresAt: Timestamp
    }

    struct WrongTries: Sendable {
        var count = 0
        var at: Timestamp
    }

    /// A request, and when it was told and decided.
    struct StoredAdmission: Sendable {
        let id: AdmissionID
        let entry: String
        let name: String
        var state = AdmissionState.asked
        let askedAt: Timestamp
        var toldAt: Timestamp?
        var decidedBy: String?
        var decidedAt: Timestamp?
        var event: InboundEvent?

        var request: AdmissionRequest {
            AdmissionRequest(
                id: id, entry: entry, name: name, state: state, askedAt: askedAt, isTold: toldAt != nil,
                decidedBy: decidedBy, event: event)
        }
    }

    var conversations: [ConversationKey: ConversationID] = [:]
    var sessions: [SessionID: Session] = [:]
    var sessionOfConversation: [ConversationID: SessionID] = [:]
    var messages: [SessionID: [SessionMessage]] = [:]
    var externalIDs: [SessionID: [String: Int64]] = [:]
    var resets: [SessionID: [ResetRecord]] = [:]
    /// The numbers of messages that were taken back, and when they were.
    var hidden: [SessionID: Set<Int64>] = [:]
    var takenBack: [SessionID: [TakenBack]] = [:]
    var checkpoints: [CheckpointID: Checkpoint] = [:]
    var events: [InboxID: StoredEvent] = [:]
    var seen: [String: InboxID] = [:]
    var rows: [OutboxID: StoredRow] = [:]
    var turns: [TurnID: StoredTurn] = [:]
    var reports: [TokenReport] = []
    var bookings: [Booking] = []
    var budgets = Budgets()
    var cursors: [String: String] = [:]
    var scrubs = 0
    var grants: [String: AccessGrant] = [:]
    var pairingCode: PairingCode?
    var wrongTries: [String: WrongTries] = [:]
    var admissions: [AdmissionID: StoredAdmission] = [:]
    var invites: [[UInt8]: Invite] = [:]
    var privateChats: [String: ConversationKey] = [:]
    private var lastID: Int64 = 0
    private var lastConversation = ConversationID.firstOfPlatforms.rawValue - 1

    /// Numbers count up over all kinds, so that a test that mixes ids of two kinds fails.
    mutating func nextID<Kind>() -> Identifier<Kind> {
        lastID += 1
        return Identifier(lastID)
    }

    // MARK: - Sessions

    func session(of conversation: SessionDraft.Conversation) -> Session? {
        let id =
            switch conversation {
            case .key(let key): conversations[key]
            case .number(let number): Optional(number)
            }
        return id.flatMap { sessionOfConversation[$0] }.flatMap { sessions[$0] }
    }

    mutating func getOrCreate(_ draft: SessionDraft, at now: Timestamp) -> Session {
        if var session = session(of: draft.conversation) {
            if !session.isActive {
                session.isActive = true
                session.lastActiveAt = now
                sessions[session.id] = session
            }
            return session
        }
        var key: ConversationKey?
        let conversation: ConversationID
        switch draft.conversation {
        case .number(let number): conversation = number
        case .key(let ofPlatform):
            key = ofPlatform
            lastConversation += 1
            conversation = ConversationID(lastConversation)
            conversations[ofPlatform] = conversation
        }
        let session = Session(
            id: nextID(), conversation: conversation, key: key, interfaceType: draft.interfaceType,
            externalUserID: draft.externalUserID, externalChatID: draft.externalChatID, epoch: 1, headSeq: 0,
            floorSeq: 0, messageCount: 0, inputTokens: 0, outputTokens: 0, tokenLimit: draft.tokenLimit, toolCalls: 0,
            errors: 0, isActive: true, createdAt: now, lastActiveAt: now, expiresAfter: draft.expiresAfter,
            state: draft.state, metadata: draft.metadata)
        sessions[session.id] = session
        sessionOfConversation[conversation] = session.id
        return session
    }

    mutating func append(_ draft: MessageDraft, to id: SessionID, at now: Timestamp) -> Appended? {
        guard var session = sessions[id] else { return nil }
        if let seq = draft.externalID.flatMap({ externalIDs[id]?[$0] }),
            let message = messages[id]?.first(where: { $0.seq == seq })
        {
            return Appended(session: session, message: message, isNew: false)
        }
        let message = SessionMessage(
            session: id, seq: session.headSeq + 1, epoch: session.epoch, role: draft.role, text: draft.text,
            speaker: draft.speaker, tokens: draft.tokens, tokenizer: draft.tokenizer, model: draft.model,
            createdAt: now, metadata: draft.metadata, toolCalls: draft.toolCalls, toolCallID: draft.toolCallID)
        messages[id, default: []].append(message)
        if let externalID = draft.externalID { externalIDs[id, default: [:]][externalID] = message.seq }
        session.headSeq = message.seq
        session.isActive = true
        session.lastActiveAt = now
        sessions[id] = session
        recount(id)
        return sessions[id].map { Appended(session: $0, message: message, isNew: true) }
    }

    /// The messages after the floor that were not taken back.
    func shown(of id: SessionID) -> [SessionMessage] {
        guard let session = sessions[id] else { return [] }
        let hidden = hidden[id] ?? []
        return (messages[id] ?? []).filter { $0.seq > session.floorSeq && !hidden.contains($0.seq) }
    }

    mutating func wake(_ id: SessionID, at now: Timestamp) {
        sessions[id]?.isActive = true
        sessions[id]?.lastActiveAt = now
    }

    /// Makes the session's counters those of the messages that are shown.
    mutating func recount(_ id: SessionID) {
        let messages = shown(of: id)
        let input = messages.filter { $0.role == .user }.reduce(0) { $0 + $1.tokens }
        let all = messages.reduce(0) { $0 + $1.tokens }
        sessions[id]?.messageCount = messages.count
        sessions[id]?.inputTokens = input
        sessions[id]?.outputTokens = all - input
        let live = messages.filter { $0.seq > sessions[id]?.coverage.seq ?? 0 }
        sessions[id]?.coverage.liveMessages = live.count
        sessions[id]?.coverage.liveTokens = live.reduce(0) { $0 + $1.tokens }
    }

    // MARK: - Rows

    mutating func makeRow(
        in conversation: ConversationKey, address: ReplyAddress, turn: TurnID?, chunk: Int, payload: RenderedChunk?
    ) -> OutboxRow {
        let id: OutboxID = nextID()
        let row = OutboxRow(
            id: id, conversation: conversation, address: address, turn: turn, chunk: chunk, nonce: "n\(id)",
            payload: payload)
        rows[id] = StoredRow(row: row, status: payload == nil ? .making : .ready)
        return row
    }

    /// Ends a command's event and queues its answer.
    mutating func answer(_ event: InboxID?, with chunks: [RenderedChunk]) -> [OutboxRow] {
        guard let event, let stored = events[event], !stored.isFinished else { return [] }
        finish([event])
        return makeRows(
            chunks, in: stored.entry.event.conversation, address: stored.entry.event.replyAddress)
    }

    mutating func makeRows(
        _ chunks: [RenderedChunk], in conversation: ConversationKey, address: ReplyAddress
    ) -> [OutboxRow] {
        var made: [OutboxRow] = []
        for (number, chunk) in chunks.enumerated() {
            made.append(makeRow(in: conversation, address: address, turn: nil, chunk: number, payload: chunk))
        }
        return made
    }

    /// Supersedes an open turn whose events have all ended otherwise, and cancels its reply.
    mutating func giveUpIfEmpty(_ id: TurnID) {
        guard let turn = turns[id], turn.isOpen, turn.events.allSatisfy({ events[$0]?.isFinished != false }) else {
            return
        }
        giveUp(id)
    }

    /// Supersedes a turn and cancels its reply.
    mutating func giveUp(_ id: TurnID) {
        turns[id]?.status = .superseded
        for row in rows.values where row.row.turn == id && row.isOpen {
            rows[row.row.id]?.status = .cancelled
            rows[row.row.id]?.row.payload = nil
        }
    }

    mutating func finish(_ ids: [InboxID]) {
        for id in ids { events[id]?.isFinished = true }
    }
}
