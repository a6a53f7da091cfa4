import BotCore

/// What the outcomes of final texts mean for a conversation.
extension ChatQueue {
    mutating func finishSend(
        _ done: InFlight, of row: OutboxRow, wasDoubtful: Bool, _ outcome: DeliveryOperation.Outcome,
        at now: Moment, _ random: Double, _ effects: inout [Effect]
    ) {
        if case .failed(.chatMoved(let chat), _, _) = outcome {
            // Also for a row that was let go of meanwhile: the store must know that this send did not arrive.
            markUnsent(row.id, wasDoubtful)
            return follow(to: chat, done, at: now, random, &effects)
        }
        guard let item = item(row.id) else { return }
        switch outcome {
        case .sent(let message, _, let isLabelled):
            backoff.reset()
            effects.append(.succeeded)
            if isLabelled { effects.append(.note(.possibleRepeat(conversation, row.id))) }
            if let message, wasDoubtful, !isLabelled {
                // The nonce gave back the first message, which may show a preview: an edit makes it the final text.
                change(row.id) { $0.stands(as: message) }
                owe(.previewStands(row.id, message: message))
            } else if let message, let payload = item.row.payload, payload != row.payload {
                change(row.id) { $0.stands(as: message) }
                owe(.replace(row.id, payload: payload, message: message))
            } else {
                owe(.delivered(row.id, message: message, isReply: row.turn != nil))
                remove(row.id, standing: row.payload?.text, &effects)
            }
        case .rowGone: remove(row.id, &effects)
        case .storeFailed(let error): pauseForStore(error, at: now.uptime, random, &effects)
        case .failed(let error, let isLabelled, _):
            switch error {
            case .outcomeUnknown(let reason), .notSent(let reason), .linkDown(let reason):
                let mayStand = if case .outcomeUnknown = error { true } else { false }
                if !mayStand {
                    markUnsent(row.id, wasDoubtful)
                } else {
                    change(row.id) { $0.becomesDoubtful(since: done.since, isLabelled: isLabelled, at: now.uptime) }
                    if let item = self.item(row.id), item.labelledSends >= mostLabelled(item) {
                        return giveUp(row.id, "no answer came to \(item.labelledSends) labelled repeats", &effects)
                    }
                }
                pause(for: error, reason, at: now.uptime, random, &effects)
            case .cancelled:
                change(row.id) { $0.becomesDoubtful(since: done.since, isLabelled: isLabelled, at: now.uptime) }
            case .rateLimited(let span, _):
                owe(.postpone(row.id, until: now.wall + span + policy.gateMargin))
                markUnsent(row.id, wasDoubtful)
            case .markupRefused(let reason), .refused(let reason), .messageMissing(let reason),
                .previewUnsupported(let reason):
                markUnsent(row.id, wasDoubtful)
                if !goPlain(row.id, reason, &effects) { giveUp(row.id, reason, &effects) }
            case .chatUnavailable(let reason): giveUpChat(reason, done, at: now, &effects)
            case .chatGone(let reason): giveUpChat(reason, isGone: true, done, at: now, &effects)
            case .chatMoved: break  // see above
            }
        case .shown, .begun, .framed, .draftFull, .unchanged, .opened, .written: break
        }
    }

    mutating func finishEdit(
        _ done: InFlight, of row: OutboxRow, _ message: String, _ outcome: DeliveryOperation.Outcome, at now: Moment,
        _ random: Double, _ effects: inout [Effect]
    ) {
        guard let item = item(row.id) else { return }
        switch outcome {
        case .shown:
            backoff.reset()
            effects.append(.succeeded)
            // A newer text came meanwhile: the next step edits once more.
            if item.row.payload != row.payload { return }
            owe(.delivered(row.id, message: message, isReply: row.turn != nil))
            remove(row.id, standing: row.payload?.text, &effects)
        case .failed(let error, _, _):
            switch error {
            case .outcomeUnknown(let reason), .notSent(let reason), .linkDown(let reason):
                pause(for: error, reason, at: now.uptime, random, &effects)
            case .cancelled: break
            case .rateLimited(let span, _):
                owe(.postpone(row.id, until: now.wall + span + policy.gateMargin))
            case .messageMissing: sendAsNew(item)
            case .markupRefused(let reason), .refused(let reason), .previewUnsupported(let reason):
                // What stands is only a part of the answer: if it takes no edit, the whole comes as a new message.
                if !goPlain(row.id, reason, &effects) { sendAsNew(item) }
            case .chatUnavailable(let reason): giveUpChat(reason, done, at: now, &effects)
            case .chatGone(let reason): giveUpChat(reason, isGone: true, done, at: now, &effects)
            case .chatMoved(let chat): follow(to: chat, done, at: now, random, &effects)
            }
        case .storeFailed(let error): pauseForStore(error, at: now.uptime, random, &effects)
        case .rowGone: remove(row.id, &effects)
        case .sent, .begun, .framed, .draftFull, .unchanged, .opened, .written: break
        }
    }

    /// A message that the final text has no use for. It is no loss where it cannot be taken away.
    mutating func finishRemoval(
        _ done: InFlight, of row: OutboxRow, _ message: String, _ outcome: DeliveryOperation.Outcome, at now: Moment,
        _ random: Double, _ effects: inout [Effect]
    ) {
        guard let item = item(row.id) else { return }
        switch outcome {
        case .shown, .failed(.messageMissing, _, _):
            backoff.reset()
            effects.append(.succeeded)
            // A reset gave it a last word meanwhile.
            if item.row.payload != row.payload { return }
            owe(.delivered(row.id, message: message, isReply: row.turn != nil))
            remove(row.id, standing: "", &effects)
        case .failed(let error, _, _):
            switch error {
            case .outcomeUnknown(let reason), .notSent(let reason), .linkDown(let reason):
                pause(for: error, reason, at: now.uptime, random, &effects)
            case .cancelled: break
            case .rateLimited(let span, _):
                owe(.postpone(row.id, until: now.wall + span + policy.gateMargin))
            case .markupRefused(let reason), .refused(let reason), .previewUnsupported(let reason),
                .messageMissing(let reason):
                abandon(row.id, reason, &effects)
            case .chatUnavailable(let reason): giveUpChat(reason, done, at: now, &effects)
            case .chatGone(let reason): giveUpChat(reason, isGone: true, done, at: now, &effects)
            case .chatMoved(let chat): follow(to: chat, done, at: now, random, &effects)
            }
        case .storeFailed(let error): pauseForStore(error, at: now.uptime, random, &effects)
        case .rowGone: remove(row.id, &effects)
        case .sent, .begun, .framed, .draftFull, .unchanged, .opened, .written: break
        }
    }

    /// Notes that a first send surely did not arrive; an earlier one that may have arrived keeps the row doubtful.
    private mutating func markUnsent(_ row: OutboxID, _ wasDoubtful: Bool) {
        if wasDoubtful { return }
        change(row) { $0.row.isDoubtful = false }
        owe(.firstSendFailed(row))
    }

    private mutating func pause(
        for error: DeliveryError, _ reason: String, at now: Duration, _ random: Double, _ effects: inout [Effect]
    ) {
        if case .linkDown = error {
            effects.append(.linkDown(reason))
        } else {
            pause(at: now, random)
            effects.append(.failing(reason))
        }
    }

    /// Takes the formatting off a row; false when it has none.
    private mutating func goPlain(_ row: OutboxID, _ reason: String, _ effects: inout [Effect]) -> Bool {
        guard let item = item(row), let payload = item.row.payload, payload.markup != nil else { return false }
        change(row) { $0.row.payload = payload.plain }
        // Replacing ends the doubt in the store: a doubtful row keeps its formatting there and loses it again if need be.
        if !item.row.isDoubtful { owe(.replace(row, payload: payload.plain, message: item.row.messageID)) }
        effects.append(.note(.wentPlain(conversation, row, reason: reason)))
        return true
    }

    private mutating func sendAsNew(_ item: Item) {
        guard let payload = item.row.payload else { return }
        change(item.row.id) { $0.startsAnew(with: payload) }
        owe(.replace(item.row.id, payload: payload, message: nil))
    }

    private func mostLabelled(_ item: Item) -> Int {
        UndeliveredNotice.isOne(item.row) ? policy.labelledNotices : policy.labelledSends
    }

    /// Lets a notice go in place of a row that cannot be delivered: nobody is to be left without a word while the chat can be reached.
    private mutating func giveUp(_ row: OutboxID, _ reason: String, _ effects: inout [Effect]) {
        guard let item = item(row), item.row.payload?.isNothing == false, !UndeliveredNotice.isOne(item.row) else {
            return abandon(row, reason, &effects)
        }
        let notice = UndeliveredNotice.chunk(inPlaceOf: item.row)
        change(row) { $0.startsAnew(with: notice) }
        owe(.replace(row, payload: notice, message: nil))
        effects.append(.note(.abandoned(conversation, row, reason: reason)))
    }

    private mutating func abandon(_ row: OutboxID, _ reason: String, _ effects: inout [Effect]) {
        owe(.abandon(row, reason: reason))
        remove(row, &effects)
        effects.append(.note(.abandoned(conversation, row, reason: reason)))
    }

    mutating func follow(
        to chat: String, _ done: InFlight, at now: Moment, _ random: Double, _ effects: inout [Effect]
    ) {
        if waitForMove(to: chat, at: now.uptime, random) { return }
        giveUpChat("the chat is sent on from one id to another", isGone: true, done, at: now, &effects)
    }

    /// Gives up what was there when the request began that was refused. What came later may answer somebody who has let the bot in again.
    ///
    /// - Parameter isGone: whether that is true of all its topics, and whatever is tried.
    mutating func giveUpChat(
        _ reason: String, isGone: Bool = false, _ done: InFlight, at now: Moment, _ effects: inout [Effect]
    ) {
        owe(.abandonAll(upTo: done.newestRow, reason: reason))
        let parts = live?.parts ?? []
        let old = (items.map(\.row) + parts.map(\.row)).filter { $0.id <= done.newestRow }
        let turns = Set(old.compactMap(\.turn))
        for row in items.map(\.row) where row.id <= done.newestRow || row.turn.map(turns.contains) ?? false {
            remove(row.id, &effects)
        }
        if let live, turns.contains(live.turn) {
            changeLive {
                $0.stopPreviews()
                $0.stopTyping()
            }
        }
        let chat = LostChat(
            conversation, wholeChat: isGone, reason: reason, since: now.wall + (done.since - now.uptime),
            newestRow: done.newestRow)
        effects.append(.note(.unreachable(chat)))
    }
}

extension ChatQueue.Item {
    /// Its message is known now.
    mutating func stands(as message: String) {
        row.messageID = message
        row.isDoubtful = false
        doubtfulSince = nil
    }

    mutating func becomesDoubtful(since: Duration, isLabelled: Bool, at now: Duration) {
        row.isDoubtful = true
        doubtfulSince = doubtfulSince ?? since
        guard isLabelled else { return }
        labelledSends += 1
        labelledAt = now
    }

    /// Goes as a message of its own, whatever became of the one before.
    mutating func startsAnew(with payload: RenderedChunk) {
        row.payload = payload
        row.messageID = nil
        row.isDoubtful = false
        doubtfulSince = nil
        labelledSends = 0
        nonce = RepeatLabel.renewed(nonce)
    }
}
