import BotCore
import GRDB

/// The transaction that begins a turn, or begins it again.
struct TurnOpening {
    let draft: TurnDraft
    /// The message to answer; nil where the newest one is answered again.
    let entry: LogEntry?
    let conversation: ConversationKey
    let attempts: Int
    let apology: [RenderedChunk]
    let outbox: Outbox
    let now: Timestamp

    func run(_ db: Database) throws -> TurnStart {
        var earlier: TurnID?
        for event in draft.events {
            // One that ended takes the turn with it: its text, which a reset may have cleared, is part of the message.
            guard let pending = try Inbox.pending(event, db) else { return .gone }
            if pending.conversation != conversation.description {
                return try relocated(to: pending.event()).run(db)
            }
            earlier = earlier ?? pending.turn
        }
        if let earlier, let turn = try TurnLog.record(earlier, db), turn.isOpen {
            let session = try SessionLog.open(draft.session, at: now, db)
            guard turn.session == session.id, turn.epoch == session.epoch else { return .gone }
            try Inbox.attach(draft.events, to: turn.id, db)
            return turn.attempt >= attempts
                ? try setAside(turn.id, db) : try resume(turn, session: session, db)
        }
        if let last = draft.onlyAfter, try !isNewest(last, db) { return .nothingToRetry }
        return switch (draft.work, entry) {
        case (.answerEdited(_, let since), let entry?): try answerEdited(entry, since: since, db)
        case (_, let entry?): try answer(entry, db)
        case (_, nil): try answerAgain(db)
        }
    }

    private func isNewest(_ id: TurnID, _ db: Database) throws -> Bool {
        guard let turn = try TurnLog.record(id, db),
            let session = try SessionRecord.fetch(of: draft.session.conversation, db), turn.session == session.id
        else { return false }
        return try turn.isNewest(in: session, db)
    }

    /// The same where the chat is now: it has moved since its event was taken up.
    private func relocated(to event: InboundEvent) -> TurnOpening {
        var session = draft.session
        session.conversation = .key(event.conversation)
        session.externalChatID = event.conversation.chat
        let draft = TurnDraft(
            events: draft.events, session: session, work: draft.work, address: event.replyAddress, person: draft.person,
            onlyAfter: draft.onlyAfter)
        return TurnOpening(
            draft: draft, entry: entry, conversation: event.conversation, attempts: attempts, apology: apology,
            outbox: outbox, now: now)
    }

    private func answer(_ entry: LogEntry, _ db: Database) throws -> TurnStart {
        let session = try SessionLog.open(draft.session, at: now, db)
        let (after, message) = try appendOnce(entry, to: session, db)
        return try start(message, in: after, replacesTo: nil, messageID: draft.messageID, db)
    }

    /// Opens a turn on the new text of a message that was answered, if nothing has come after the answer.
    private func answerEdited(_ entry: LogEntry, since: Timestamp, _ db: Database) throws -> TurnStart {
        guard let known = try SessionRecord.fetch(of: draft.session.conversation, db),
            let message = try ShownMessages.newestOfUser(in: known, db), message.text != entry.text,
            let answered = try TurnLog.newestDone(of: known.id, db), answered.epoch == known.epoch,
            answered.userSeq == message.seq, let id = draft.messageID, answered.messageID == id,
            answered.endedAt >= since, try !TurnLog.isOneOpen(of: known.id, db)
        else { return .nothingToRetry }
        guard try outbox.allEnded(of: answered.id, db) else { return .notYet }
        let session = try SessionLog.open(draft.session, at: now, db)
        _ = try ShownMessages.takeBack(message.seq, through: session.headSeq, of: session, at: now, db)
        let (after, edited) = try SessionLog.append(entry, to: session.id, at: now, db)
        return try start(edited, in: after, replacesTo: nil, messageID: id, overwrites: answered.id, db)
    }

    /// Opens a turn on the newest message of the user. Where there is none nothing changes, and no session is made.
    private func answerAgain(_ db: Database) throws -> TurnStart {
        guard let known = try SessionRecord.fetch(of: draft.session.conversation, db),
            let message = try ShownMessages.newestOfUser(in: known, db)
        else { return .nothingToRetry }
        let session = try SessionLog.open(draft.session, at: now, db)
        let last = try TurnLog.newestDone(of: session.id, db)
        return try start(
            message, in: session, replacesTo: session.headSeq,
            messageID: last?.userSeq == message.seq ? last?.messageID : nil, db)
    }

    private func start(
        _ message: SessionMessage, in session: Session, replacesTo last: Int64?, messageID: String?,
        overwrites: TurnID? = nil, _ db: Database
    ) throws -> TurnStart {
        let id = TurnID(
            try db.number(
                """
                INSERT INTO turn (sessionID, epoch, userSeq, replacesTo, status, attempt, startedAt, person, messageID,
                    overwrites)
                VALUES (?, ?, ?, ?, 'running', 1, ?, ?, ?, ?) RETURNING id
                """,
                [
                    session.id.rawValue, session.epoch, message.seq, last, now.rawValue, draft.person, messageID,
                    overwrites?.rawValue,
                ]))
        try Inbox.attach(draft.events, to: id, db)
        let reply = try outbox.open(for: id, in: conversation, address: draft.address, db)
        if attempts < 1 { return try setAside(id, db) }
        return .started(
            Turn(id: id, session: session, epoch: session.epoch, message: message, reply: reply, attempt: 1))
    }

    /// Begins a turn again. Where its question has changed since (an edit, more events that were joined), the log, which only grows, takes
    /// the earlier text back and gets the new one.
    private func resume(
        _ turn: TurnLog.Record, session: Session, _ db: Database
    ) throws -> TurnStart {
        var session = session
        guard var message = try MessageRecord.fetch(session.id, seq: turn.userSeq, db) else {
            throw StoreError.failed("the message of a turn is missing")
        }
        if var changed = entry, message.text != changed.text, try isWhole(turn.id, db) {
            changed.externalID = nil
            // Calls of tools stay with what they were made for: the new text follows them.
            if try TurnSteps.all(of: turn, in: session, db).isEmpty {
                _ = try ShownMessages.takeBack(message.seq, through: message.seq, of: session, at: now, db)
            }
            (session, message) = try SessionLog.append(changed, to: session.id, turn: turn.id, at: now, db)
        }
        try db.run(
            """
            UPDATE turn SET status = 'running', attempt = attempt + 1, messageID = iif(userSeq = ?, messageID, ?), userSeq = ?
            WHERE id = ?
            """, [message.seq, draft.messageID, message.seq, turn.id.rawValue])
        // Steps that the longer text follows are part of what it asks about.
        let steps = try TurnSteps.all(of: turn, in: session, db).filter { $0.seq > message.seq }
        let reply = try outbox.open(for: turn.id, in: conversation, address: draft.address, db)
        return .started(
            Turn(
                id: turn.id, session: session, epoch: turn.epoch, message: message, reply: reply,
                attempt: turn.attempt + 1, steps: steps))
    }

    /// Whether the events are all that the turn has. After a crash they come one by one, and a part of them says less than was known.
    private func isWhole(_ turn: TurnID, _ db: Database) throws -> Bool {
        try db.number("SELECT count(*) FROM inbox WHERE turnID = ? AND state = 'pending'", [turn.rawValue])
            == Int64(Set(draft.events).count)
    }

    /// Ends a turn that was begun too often: its reply becomes the apology, as an edit if a preview stands.
    private func setAside(_ turn: TurnID, _ db: Database) throws -> TurnStart {
        let rows = try outbox.settle(turn, with: apology, at: now, db)
        if let record = try TurnLog.record(turn, db), let session = try SessionRecord.fetch(record.session, db) {
            _ = try TurnSteps.withdraw(of: record, in: session, at: now, db)
        }
        try Inbox.end(of: turn, as: .setAside, db)
        try TurnLog.end(turn, status: "setAside", at: now, db)
        return .setAside(rows: rows)
    }

    private func appendOnce(
        _ entry: LogEntry, to session: Session, _ db: Database
    ) throws -> (session: Session, message: SessionMessage) {
        if let externalID = entry.externalID,
            let known = try MessageRecord.fetch(session.id, externalID: externalID, db)
        {
            return (session, known)
        }
        return try SessionLog.append(entry, to: session.id, at: now, db)
    }
}
