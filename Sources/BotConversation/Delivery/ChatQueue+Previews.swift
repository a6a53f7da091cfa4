import BotCore

/// What the outcomes of previews and typing signs mean for a conversation.
extension ChatQueue {
    mutating func finishPreview(
        _ done: InFlight, _ outcome: DeliveryOperation.Outcome, at now: Moment, _ effects: inout [Effect]
    ) {
        switch done.work {
        case .beginPreview(let row, _): finishBeginning(done, of: row, outcome, at: now, &effects)
        case .editPreview(let row, _, _, _): finishFrame(done, of: row, isMessage: true, outcome, at: now, &effects)
        case .draft(let row, _, _, _): finishFrame(done, of: row, isMessage: false, outcome, at: now, &effects)
        case .openPart(let row, _): finishOpening(after: row, outcome, at: now, &effects)
        case .typing(let row): finishTyping(done, of: row, outcome, at: now, &effects)
        case .send, .edit, .remove, .write: break
        }
    }

    /// A message of the preview; the final row may have come while it was under way.
    private mutating func finishBeginning(
        _ done: InFlight, of row: OutboxRow, _ outcome: DeliveryOperation.Outcome, at now: Moment,
        _ effects: inout [Effect]
    ) {
        switch outcome {
        case .begun(let message?, let frame):
            effects.append(.succeeded)
            owe(.previewStands(row.id, message: message))
            change(row.id) { $0.stands(as: message) }
            changeReply(row) { live in
                live.change(row.id) { part in
                    part.row.messageID = message
                    part.row.isDoubtful = false
                }
                live.frameShown(frame, in: row.id, isMessage: true, at: now.uptime)
            }
        case .begun(nil, _):
            // A platform without message ids cannot finish a preview: what stands may be repeated by the final text.
            becomeDoubtful(row, since: done.since)
        case .failed(let error, _, let style):
            switch error {
            case .outcomeUnknown, .cancelled: becomeDoubtful(row, since: done.since)
            default:
                owe(.firstSendFailed(row.id))
                change(row.id) { $0.row.isDoubtful = false }
                previewFailed(done, row, error, style, at: now, &effects)
            }
        case .rowGone: changeReply(row) { $0.stopPreviews() }
        case .storeFailed(let error):
            effects.append(.storeFailing(error))
            let policy = policy
            changeReply(row) { $0.frameFailed(at: now.uptime, policy: policy) }
        case .unchanged:
            let policy = policy
            changeReply(row) { $0.frameUnchanged(at: now.uptime, policy: policy) }
        case .sent, .shown, .framed, .draftFull, .opened, .written: break
        }
    }

    private mutating func becomeDoubtful(_ row: OutboxRow, since: Duration) {
        change(row.id) { $0.becomesDoubtful(since: since, isLabelled: false, at: since) }
        changeReply(row) { live in
            live.change(row.id) { part in
                part.row.isDoubtful = true
                part.doubtfulSince = part.doubtfulSince ?? since
            }
            live.stopPreviews()
        }
    }

    private mutating func finishFrame(
        _ done: InFlight, of row: OutboxRow, isMessage: Bool, _ outcome: DeliveryOperation.Outcome, at now: Moment,
        _ effects: inout [Effect]
    ) {
        switch outcome {
        case .framed(let frame):
            effects.append(.succeeded)
            changeReply(row) { $0.frameShown(frame, in: row.id, isMessage: isMessage, at: now.uptime) }
        case .draftFull: changeReply(row) { $0.draftIsFull() }
        case .unchanged:
            let policy = policy
            changeReply(row) { $0.frameUnchanged(at: now.uptime, policy: policy) }
        case .failed(let error, _, let style): previewFailed(done, row, error, style, at: now, &effects)
        case .sent, .shown, .begun, .opened, .rowGone, .written, .storeFailed: break
        }
    }

    private mutating func finishOpening(
        after first: OutboxRow, _ outcome: DeliveryOperation.Outcome, at now: Moment, _ effects: inout [Effect]
    ) {
        switch outcome {
        case .opened(let row?): changeReply(first) { $0.opened(row, at: now.uptime) }
        case .opened(nil): changeReply(first) { $0.stopPreviews() }
        case .storeFailed(let error):
            effects.append(.storeFailing(error))
            let policy = policy
            changeReply(first) { $0.frameFailed(at: now.uptime, policy: policy) }
        case .sent, .shown, .begun, .framed, .draftFull, .unchanged, .rowGone, .written, .failed: break
        }
    }

    private mutating func previewFailed(
        _ done: InFlight, _ row: OutboxRow, _ error: DeliveryError, _ style: PreviewStyle, at now: Moment,
        _ effects: inout [Effect]
    ) {
        let policy = policy
        switch error {
        case .notSent, .outcomeUnknown, .cancelled:
            changeReply(row) { $0.frameFailed(at: now.uptime, policy: policy) }
        case .linkDown(let reason):
            effects.append(.linkDown(reason))
            changeReply(row) { $0.frameFailed(at: now.uptime, policy: policy) }
        case .rateLimited(let span, _):
            owe(.postpone(row.id, until: now.wall + span + policy.gateMargin))
            changeReply(row) { $0.stopPreviews() }
        case .previewUnsupported: changeReply(row) { $0.change(to: style, at: now.uptime) }
        case .chatUnavailable:
            // The final text finds out for itself; a right that only previews need may be missing.
            changeReply(row) { live in
                live.stopPreviews()
                live.stopTyping()
            }
        case .chatGone(let reason): giveUpChat(reason, isGone: true, done, at: now, &effects)
        case .chatMoved(let chat):
            changeReply(row) { $0.stopPreviews() }
            follow(to: chat, done, at: now, 0, &effects)
        case .markupRefused, .messageMissing, .refused: changeReply(row) { $0.stopPreviews() }
        }
    }

    private mutating func finishTyping(
        _ done: InFlight, of row: OutboxRow, _ outcome: DeliveryOperation.Outcome, at now: Moment,
        _ effects: inout [Effect]
    ) {
        guard case .failed(let error, _, _) = outcome else { return }
        switch error {
        case .rateLimited(let span, _):
            owe(.postpone(row.id, until: now.wall + span + policy.gateMargin))
            changeReply(row) { $0.stopPreviews() }
        case .previewUnsupported, .chatUnavailable, .refused: changeReply(row) { $0.stopTyping() }
        case .chatGone(let reason): giveUpChat(reason, isGone: true, done, at: now, &effects)
        case .chatMoved(let chat):
            changeReply(row) { $0.stopTyping() }
            follow(to: chat, done, at: now, 0, &effects)
        case .notSent, .outcomeUnknown, .markupRefused, .messageMissing, .linkDown, .cancelled: break
        }
    }

    private mutating func changeReply(_ row: OutboxRow, _ change: (inout LiveReply) -> Void) {
        if live?.part(row.id) != nil { changeLive(change) }
    }
}
