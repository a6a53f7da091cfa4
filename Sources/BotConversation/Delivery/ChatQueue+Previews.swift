import BotCore

/// What the outcomes of previews and typing signs mean for a conversation.
extension ChatQueue {
    mutating func finishPreview(
        _ done: InFlight, _ outcome: DeliveryOperation.Outcome, at now: Moment, _ effects: inout [Effect]
    ) {
        switch done.work {
        case .beginPreview(let row, _): finishBeginning(of: row, outcome, since: done.since, at: now, &effects)
        case .editPreview(let row, _, _, _): finishFrame(of: row, outcome, at: now, &effects)
        case .draft(let row, _, _, _): finishFrame(of: row, outcome, at: now, &effects)
        case .typing(let row): finishTyping(of: row, outcome, at: now)
        case .send, .edit, .write: break
        }
    }

    /// The preview's first message; the final row may have come while it was under way.
    private mutating func finishBeginning(
        of row: OutboxRow, _ outcome: DeliveryOperation.Outcome, since: Duration, at now: Moment,
        _ effects: inout [Effect]
    ) {
        switch outcome {
        case .sent(let message?, let chunk, _):
            effects.append(.succeeded)
            owe(.previewStands(row.id, message: message))
            change(row.id) { $0.stands(as: message) }
            changeReply(row) { live in
                live.row.messageID = message
                live.row.isDoubtful = false
                live.frameShown(chunk, at: now.uptime)
            }
        case .sent(nil, _, _):
            // A platform without message ids cannot finish a preview: what stands may be repeated by the final text.
            becomeDoubtful(row, since: since)
        case .failed(let error, _, let style):
            switch error {
            case .outcomeUnknown, .cancelled: becomeDoubtful(row, since: since)
            default:
                owe(.firstSendFailed(row.id))
                change(row.id) { $0.row.isDoubtful = false }
                previewFailed(row, error, style, at: now, &effects)
            }
        case .rowGone: changeReply(row) { $0.stopPreviews() }
        case .storeFailed(let error):
            effects.append(.storeFailing(error))
            let policy = policy
            changeReply(row) { $0.frameFailed(at: now.uptime, policy: policy) }
        case .unchanged: changeReply(row) { $0.frameUnchanged(at: now.uptime) }
        case .shown, .written: break
        }
    }

    private mutating func becomeDoubtful(_ row: OutboxRow, since: Duration) {
        change(row.id) { $0.becomesDoubtful(since: since, isLabelled: false) }
        changeReply(row) { live in
            live.row.isDoubtful = true
            live.doubtfulSince = live.doubtfulSince ?? since
            live.stopPreviews()
        }
    }

    private mutating func finishFrame(
        of row: OutboxRow, _ outcome: DeliveryOperation.Outcome, at now: Moment, _ effects: inout [Effect]
    ) {
        switch outcome {
        case .shown(let chunk):
            effects.append(.succeeded)
            changeReply(row) { $0.frameShown(chunk, at: now.uptime) }
        case .unchanged: changeReply(row) { $0.frameUnchanged(at: now.uptime) }
        case .failed(let error, _, let style): previewFailed(row, error, style, at: now, &effects)
        case .sent, .rowGone, .written, .storeFailed: break
        }
    }

    private mutating func previewFailed(
        _ row: OutboxRow, _ error: DeliveryError, _ style: PreviewStyle, at now: Moment, _ effects: inout [Effect]
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
        case .markupRefused, .messageMissing, .refused: changeReply(row) { $0.stopPreviews() }
        }
    }

    private mutating func finishTyping(of row: OutboxRow, _ outcome: DeliveryOperation.Outcome, at now: Moment) {
        guard case .failed(let error, _, _) = outcome else { return }
        switch error {
        case .rateLimited(let span, _):
            owe(.postpone(row.id, until: now.wall + span + policy.gateMargin))
            changeReply(row) { $0.stopPreviews() }
        case .previewUnsupported, .chatUnavailable, .refused: changeReply(row) { $0.stopTyping() }
        case .notSent, .outcomeUnknown, .markupRefused, .messageMissing, .linkDown, .cancelled: break
        }
    }

    private mutating func changeReply(_ row: OutboxRow, _ change: (inout LiveReply) -> Void) {
        if live?.row.id == row.id { changeLive(change) }
    }
}
