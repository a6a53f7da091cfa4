import BotCore

/// A reply that is being made: decides when its next frame or typing sign is due. Pure.
struct LiveReply: Sendable {
    var row: OutboxRow
    let turn: TurnID
    let typingInterval: Duration?
    let begunAt: Duration
    private(set) var style: PreviewStyle
    private var text: String?
    private var hasNews = false
    private var shown: RenderedChunk?
    private var shownAt: Duration?
    private var nextFrame: Duration
    private var typingDue: Duration?
    private var failures = 0
    /// Since when a send of its preview may stand in the chat unknown.
    var doubtfulSince: Duration?
    /// When the reply ended; from then on nothing of it is shown.
    private(set) var endedAt: Duration?

    init(row: OutboxRow, turn: TurnID, style: PreviewStyle, typingInterval: Duration?, at now: Duration) {
        self.row = row
        self.turn = turn
        self.style = style
        self.typingInterval = typingInterval
        begunAt = now
        nextFrame = now
        typingDue = typingInterval == nil ? nil : now
    }

    mutating func update(_ text: String) {
        guard endedAt == nil else { return }
        if self.text != text { hasNews = true }
        self.text = text
    }

    mutating func end(at now: Duration) {
        endedAt = endedAt ?? now
        text = nil
    }

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
    func next(at now: Duration, policy: DeliveryPolicy) -> Step {
        guard endedAt == nil else { return .nothing }
        let frame = frameDue(policy)
        if let frame, frame <= now, let work = frameWork(at: now, policy) { return .perform(work) }
        let typing = row.messageID == nil && shown == nil ? typingDue : nil
        if let typing, typing <= now { return .perform(.typing(row)) }
        let due = [frame, typing].compactMap { $0 }.min()
        return due.map { .wait(until: $0) } ?? .nothing
    }

    private func frameDue(_ policy: DeliveryPolicy) -> Duration? {
        guard let text else { return nil }
        switch style {
        case .off: return nil
        case .draft:
            if hasNews { return nextFrame }
            return shownAt.map { max(nextFrame, $0 + policy.draftRefresh) }
        case .edit:
            guard hasNews else { return nil }
            if row.messageID != nil { return nextFrame }
            // A row whose first send may have arrived gets no second message before its final text.
            if row.isDoubtful { return nil }
            let isLong = text.utf8.count >= policy.firstPreviewLength
            return max(nextFrame, isLong ? begunAt : begunAt + policy.firstPreviewAfter)
        }
    }

    private func frameWork(at now: Duration, _ policy: DeliveryPolicy) -> DeliveryOperation.Work? {
        guard let text else { return nil }
        switch style {
        case .off: return nil
        case .draft: return .draft(row, turn: turn, text: text, shown: hasNews ? shown : nil)
        case .edit:
            guard let message = row.messageID else { return .beginPreview(row, text: text) }
            return .editPreview(row, message: message, text: text, shown: shown)
        }
    }

    // MARK: - What became of it

    /// Notes that a frame was taken up: what comes later is news.
    mutating func frameBegan() { hasNews = false }

    mutating func typingBegan(at now: Duration) { typingDue = typingInterval.map { now + $0 } }

    mutating func frameShown(_ chunk: RenderedChunk?, at now: Duration) {
        shown = chunk
        shownAt = now
        nextFrame = now + interval
        failures = 0
    }

    /// Nothing visible had changed: a draft that stands is still to be refreshed in its time.
    mutating func frameUnchanged(at now: Duration) {
        nextFrame = max(nextFrame, now)
    }

    mutating func frameFailed(at now: Duration, policy: DeliveryPolicy) {
        failures += 1
        if failures >= policy.previewFailures { return stopPreviews() }
        hasNews = true
        nextFrame = now + interval * (1 << failures)
    }

    /// Goes on in another style after the platform does not take this one.
    mutating func change(to style: PreviewStyle, at now: Duration) {
        if case .off = style { return stopPreviews() }
        self.style = style
        shown = nil
        hasNews = true
        nextFrame = now
    }

    private var interval: Duration {
        switch style {
        case .off: .zero
        case .draft(let interval), .edit(let interval): interval
        }
    }
}
