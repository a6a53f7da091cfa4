import BotCore

/// A reply that is being made: decides when its next frame or typing sign is due. Pure.
///
/// A long reply is shown in several messages. All frames belong to the last one; when it is full, its text stays as it is until
/// the final text comes, and the row of the next message is opened. Where drafts are shown, a full message is sent for good
/// and the draft goes on behind it.
struct LiveReply: Sendable {
    /// The least time between two edits where drafts might come faster (T40).
    private static let editInterval = Duration.milliseconds(1200)

    /// One message of the reply and what is known of it.
    struct Part: Sendable {
        var row: OutboxRow
        /// What the message shows.
        var shown: RenderedChunk?
        /// Since when a send of it may stand in the chat unknown.
        var doubtfulSince: Duration?
    }

    let turn: TurnID
    let typingInterval: Duration?
    let begunAt: Duration
    private(set) var style: PreviewStyle
    private(set) var parts: [Part]
    private var text: String?
    private var hasNews = false
    /// What the draft shows, if one stands.
    private var draft: RenderedChunk?
    private var shownAt: Duration?
    private var nextFrame: Duration
    private var typingDue: Duration?
    private var hasTyped = false
    private var failures = 0
    /// The reply goes on behind the last part.
    private var isFull = false
    /// The last part's message shows all that it will.
    private var isFrozen = false
    /// Rows whose final text has not come yet.
    private var awaited: Set<OutboxID>
    /// When the reply ended; from then on nothing of it is shown.
    private(set) var endedAt: Duration?

    init(row: OutboxRow, turn: TurnID, style: PreviewStyle, typingInterval: Duration?, at now: Duration) {
        self.turn = turn
        self.style = style
        self.typingInterval = typingInterval
        parts = [Part(row: row)]
        awaited = [row.id]
        begunAt = now
        nextFrame = now
        typingDue = typingInterval == nil ? nil : now
        preferItsMessage()
    }

    /// Takes over what is known of its first message from the same reply, which was begun before: the copy of the row that it
    /// is begun with may be older.
    mutating func goesOn(from earlier: LiveReply) {
        guard let known = earlier.part(parts[0].row.id) else { return }
        parts[0].row.messageID = parts[0].row.messageID ?? known.row.messageID
        parts[0].row.isDoubtful = known.row.isDoubtful && parts[0].row.messageID == nil
        parts[0].doubtfulSince = parts[0].row.isDoubtful ? known.doubtfulSince : nil
        if parts[0].row.isDoubtful { stopPreviews() }
        preferItsMessage()
    }

    /// Where its message stands already, a draft beside it would show the answer twice.
    private mutating func preferItsMessage() {
        guard case .draft(let interval, hasPlaceholder: _) = style, parts[0].row.messageID != nil else { return }
        style = .edit(interval: max(interval, Self.editInterval))
    }

    func part(_ row: OutboxID) -> Part? { parts.first { $0.row.id == row } }

    /// Whether every row of it has got its final text.
    var isHandedOver: Bool { awaited.isEmpty }

    mutating func update(_ text: String) {
        guard endedAt == nil else { return }
        if self.text != text { hasNews = true }
        self.text = text
    }

    mutating func end(at now: Duration) {
        endedAt = endedAt ?? now
        text = nil
    }

    /// Notes that the final text of a row has come.
    mutating func handedOver(_ row: OutboxID) { awaited.remove(row) }

    /// Shows no preview of this turn any more.
    mutating func stopPreviews() {
        style = .off
        text = nil
    }

    mutating func stopTyping() { typingDue = nil }

    // MARK: - What is due

    enum Step: Equatable {
        case perform(DeliveryOperation.Work)
        case wait(until: Duration)
        case nothing
    }

    /// What to show now, or when to look again.
    ///
    /// - Parameter pace: before when the chat takes no frame that makes or edits a message.
    func next(at now: Duration, pace: Duration, policy: DeliveryPolicy) -> Step {
        guard endedAt == nil else { return .nothing }
        if let due = openingDue(policy) {
            return due <= now ? .perform(.openPart(of: parts[0].row, chunk: parts.count)) : .wait(until: due)
        }
        let frame = frameDue(policy).map { usesMessage ? max($0, pace) : $0 }
        if let frame, frame <= now, let work = frameWork() { return .perform(work) }
        let typing = parts[0].row.messageID == nil && draft == nil ? typingDue : nil
        if let typing, typing <= now { return .perform(.typing(parts[0].row)) }
        let due = [frame, typing].compactMap { $0 }.min()
        return due.map { .wait(until: $0) } ?? .nothing
    }

    private var last: Part { parts[parts.count - 1] }

    private func mayGoOn(_ policy: DeliveryPolicy) -> Bool { parts.count < policy.previewParts }

    private func openingDue(_ policy: DeliveryPolicy) -> Duration? {
        guard isFrozen, mayGoOn(policy), text != nil, style != .off else { return nil }
        return failures == 0 ? .zero : nextFrame
    }

    /// Whether the next frame makes or edits a message.
    private var usesMessage: Bool {
        switch style {
        case .off: false
        case .edit: true
        case .draft: isFull || last.row.messageID != nil
        }
    }

    private func frameDue(_ policy: DeliveryPolicy) -> Duration? {
        if isFrozen { return nil }
        if usesMessage {
            guard let text, hasNews || isFull else { return nil }
            if last.row.messageID != nil || isFull || parts.count > 1 { return last.row.isDoubtful ? nil : nextFrame }
            // A row whose first send may have arrived gets no second message before its final text.
            if last.row.isDoubtful { return nil }
            let isLong = text.utf8.count >= policy.firstPreviewLength
            return max(nextFrame, isLong ? begunAt : begunAt + policy.firstPreviewAfter)
        }
        guard case .draft(_, let hasPlaceholder) = style else { return nil }
        if text != nil, hasNews { return nextFrame }
        if let shownAt { return max(nextFrame, shownAt + policy.draftRefresh) }
        // The typing sign goes first: not every client shows drafts.
        return text == nil && hasPlaceholder && (hasTyped || typingDue == nil) ? nextFrame : nil
    }

    private func frameWork() -> DeliveryOperation.Work? {
        let part = last
        if usesMessage {
            guard let text else { return nil }
            guard let message = part.row.messageID else { return .beginPreview(part.row, text: text) }
            return .editPreview(part.row, message: message, text: text, shown: part.shown)
        }
        return .draft(part.row, turn: turn, text: text, shown: hasNews ? draft : nil)
    }

    // MARK: - What became of it

    /// Notes that a frame was taken up: what comes later is news.
    mutating func frameBegan() { hasNews = false }

    mutating func typingBegan(at now: Duration) {
        hasTyped = true
        typingDue = typingInterval.map { now + $0 }
    }

    /// A part's message or, without one, the draft shows this now. A frame that is full stays as it is.
    mutating func frameShown(_ frame: DeliveryOperation.Frame, in row: OutboxID, isMessage: Bool, at now: Duration) {
        if isMessage {
            change(row) { $0.shown = frame.chunk }
            isFrozen = frame.isFull
        } else {
            draft = frame.chunk
        }
        isFull = frame.isFull
        shownAt = now
        nextFrame = now + interval
        failures = 0
    }

    /// The draft has no room for what comes: its message is sent for good next.
    mutating func draftIsFull() { isFull = true }

    /// Nothing visible had changed: a draft that stands is still to be refreshed in its time.
    mutating func frameUnchanged(at now: Duration, policy: DeliveryPolicy) {
        nextFrame = max(nextFrame, now)
        // It was the refreshing that had nothing to show.
        if let last = shownAt, last + policy.draftRefresh <= now { shownAt = now }
    }

    mutating func frameFailed(at now: Duration, policy: DeliveryPolicy) {
        failures += 1
        if failures >= policy.previewFailures { return stopPreviews() }
        hasNews = true
        nextFrame = now + max(interval, .milliseconds(500)) * (1 << failures)
    }

    /// Goes on in a further message; a draft at once, for what it has shown has just become a message.
    mutating func opened(_ row: OutboxRow, at now: Duration) {
        if case .draft = style { nextFrame = now }
        parts.append(Part(row: row))
        awaited.insert(row.id)
        (isFull, isFrozen) = (false, false)
        (draft, shownAt) = (nil, nil)
        hasNews = true
        failures = 0
    }

    mutating func change(_ row: OutboxID, _ change: (inout Part) -> Void) {
        guard let index = parts.firstIndex(where: { $0.row.id == row }) else { return }
        change(&parts[index])
    }

    /// Goes on in another style after the platform does not take this one.
    mutating func change(to style: PreviewStyle, at now: Duration) {
        if case .off = style { return stopPreviews() }
        self.style = style
        (draft, shownAt) = (nil, nil)
        hasNews = true
        nextFrame = now
    }

    private var interval: Duration {
        switch style {
        case .off: .zero
        case .draft(let interval, _): last.row.messageID == nil ? interval : interval * 2
        case .edit(let interval, _): interval
        }
    }
}
