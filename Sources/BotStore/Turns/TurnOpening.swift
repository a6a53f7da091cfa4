import BotCore
import GRDB

/// The transaction that begins a turn, or begins it again.
struct TurnOpening {
    let draft: TurnDraft
    let conversation: ConversationKey
    let attempts: Int
    let apology: [RenderedChunk]
    let outbox: Outbox
    let now: Timestamp

    func run(_ db: Database) throws -> TurnStart {
        var earlier: TurnID?
        var newEvents: [InboxID] = []
        for event in draft.events {
            // One that ended takes the turn with it: its text, which a reset may have cleared, is part of the message.
            guard let pending = try Inbox.pending(event, db) else { return .gone }
            if let turn = pending.turn {
                earlier = earlier ?? turn
            } else {
                newEvents.append(event)
            }
        }
        let session = try SessionLog.open(draft.session, at: now, db)
        if let earlier, let turn = try TurnLog.record(earlier, db), turn.isOpen {
            guard turn.epoch == session.epoch else { return .gone }
            try Inbox.attach(draft.events, to: turn.id, db)
            return turn.attempt >= attempts
                ? try setAside(turn.id, db) : try resume(turn, session: session, newEvents: newEvents, db)
        }
        switch draft.work {
        case .answer(let message): return try start(message, in: session, db)
        case .answerAgain: return .nothingToRetry
        }
    }

    private func start(_ message: MessageDraft, in session: Session, _ db: Database) throws -> TurnStart {
        let (session, message) = try appendOnce(message, to: session, db)
        let id = TurnID(
            try db.number(
                """
                INSERT INTO turn (sessionID, epoch, userSeq, status, attempt, startedAt)
                VALUES (?, ?, ?, 'running', 1, ?) RETURNING id
                """, [session.id.rawValue, session.epoch, message.seq, now.rawValue]))
        try Inbox.attach(draft.events, to: id, db)
        let reply = try outbox.open(for: id, in: conversation, address: draft.address, db)
        if attempts < 1 { return try setAside(id, db) }
        return .started(
            Turn(id: id, session: session, epoch: session.epoch, message: message, reply: reply, attempt: 1))
    }

    private func resume(
        _ turn: TurnLog.Record, session: Session, newEvents: [InboxID], _ db: Database
    ) throws -> TurnStart {
        var session = session
        guard var message = try MessageRecord.fetch(session.id, seq: turn.userSeq, db) else {
            throw StoreError.failed("the message of a turn is missing")
        }
        if !newEvents.isEmpty, case .answer(let longer) = draft.work, message.text != longer.text {
            // More events were joined than before the crash. The log only grows, so the longer text follows the shorter.
            (session, message) = try SessionLog.append(
                longer.withoutExternalID, to: session.id, turn: turn.id, at: now, db)
        }
        try db.run(
            "UPDATE turn SET status = 'running', attempt = attempt + 1, userSeq = ? WHERE id = ?",
            [message.seq, turn.id.rawValue])
        let reply = try outbox.open(for: turn.id, in: conversation, address: draft.address, db)
        return .started(
            Turn(
                id: turn.id, session: session, epoch: turn.epoch, message: message, reply: reply,
                attempt: turn.attempt + 1))
    }

    /// Ends a turn that was begun too often: its reply becomes the apology, as an edit if a preview stands.
    private func setAside(_ turn: TurnID, _ db: Database) throws -> TurnStart {
        let rows = try outbox.settle(turn, with: apology, at: now, db)
        try Inbox.end(of: turn, as: .setAside, db)
        try TurnLog.end(turn, status: "setAside", at: now, db)
        return .setAside(rows: rows)
    }

    private func appendOnce(
        _ message: MessageDraft, to session: Session, _ db: Database
    ) throws -> (session: Session, message: SessionMessage) {
        if let externalID = message.externalID,
            let known = try MessageRecord.fetch(session.id, externalID: externalID, db)
        {
            return (session, known)
        }
        return try SessionLog.append(message, to: session.id, at: now, db)
    }
}

extension MessageDraft {
    /// The same message under no external id, where that is taken.
    fileprivate var withoutExternalID: MessageDraft {
        MessageDraft(
            role: role, text: text, speaker: speaker, tokens: tokens, tokenizer: tokenizer, model: model,
            metadata: metadata)
    }
}
