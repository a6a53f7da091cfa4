import BotCore

/// What one conversation has to deliver: its rows in order, the reply that is being made, and what the store has to be told
/// first. Decides what goes next; pure.
struct ChatQueue: Sendable {
    /// A ready row and what this run knows of it.
    struct Item: Sendable, Equatable {
        var row: OutboxRow
        var nonce: String
        /// When the first attempt with an unknown outcome began in this run.
        var doubtfulSince: Duration?
        /// Labelled sends of which nobody knows what became, and when the last one ended.
        var labelledSends = 0
        var labelledAt: Duration = .zero

        init(_ row: OutboxRow) {
            self.row = row
            nonce = row.nonce
        }
    }

    struct InFlight: Sendable, Equatable {
        let id: UInt64
        let work: DeliveryOperation.Work
        let since: Duration
        /// The newest row that was known then.
        let newestRow: OutboxID
    }

    enum Step: Equatable {
        case perform(DeliveryOperation.Work)
        case wait(until: Duration)
        case idle
    }

    /// What the planner has to do or to note about the other conversations.
    enum Effect: Equatable {
        /// The row has ended; the text is what stands of it, nil when it was given up.
        case ended(OutboxID, text: String?)
        case succeeded
        case failing(String)
        case linkDown(String)
        case storeFailing(StoreError)
        case storeSucceeded
        /// The store may hold a ready row of which nobody has told.
        case mayHaveMissed
        case note(DeliveryNote)
    }

    let conversation: ConversationKey
    let policy: DeliveryPolicy
    private(set) var items: [Item] = []
    private(set) var live: LiveReply?
    private(set) var owed: [StoreWrite] = []
    private(set) var inFlight: InFlight?
    /// Where the platform says that the chat is now, until all that it owes the store is written.
    private var newChat: String?
    /// How often it said so since something went out.
    private var movesAsked = 0
    var backoff: Backoff
    /// Until when it waits because an attempt failed.
    private var failedUntil: Duration = .zero
    /// Whether a success elsewhere on the platform may end that wait: once, until something of its own succeeds.
    private var canBeHurried = true
    /// Until when it waits for its chat to be moved.
    private var movingUntil: Duration = .zero
    private var storeBackoff: Backoff
    private var storePausedUntil: Duration = .zero
    /// The moment for which the planner has set a timer.
    var armed: Duration?
    /// Whether it stands in the planner's line of conversations to look at.
    var isRunnable = false

    init(_ conversation: ConversationKey, policy: DeliveryPolicy) {
        self.conversation = conversation
        self.policy = policy
        backoff = Backoff(first: policy.firstRetry, limit: policy.longestRetry)
        storeBackoff = Backoff(first: policy.firstRetry, limit: policy.longestRetry)
    }

    /// Whether it holds nothing and can be dropped.
    var isEmpty: Bool { items.isEmpty && live == nil && owed.isEmpty && inFlight == nil }

    /// Whether something waits that must not wait for a typing sign.
    var hasFinalWork: Bool { !items.isEmpty || !owed.isEmpty }

    func holds(_ row: OutboxID) -> Bool { items.contains { $0.row.id == row } }

    // MARK: - What comes in

    /// Takes a ready row, or a newer text for a row that it holds already.
    ///
    /// - Parameter gate: until when the chat is flood-limited: a row that has to wait waits in the store as well.
    mutating func add(_ incoming: OutboxRow, at now: Moment, gate: Duration) {
        guard incoming.payload != nil else { return }
        var row = incoming
        if let index = items.firstIndex(where: { $0.row.id == row.id }) {
            // What this run knows of its message is newer than any copy of the row.
            items[index].row.payload = row.payload
            items[index].row.messageID = items[index].row.messageID ?? row.messageID
        } else {
            var since: Duration?
            if let part = live?.part(row.id) {
                row.messageID = row.messageID ?? part.row.messageID
                row.isDoubtful = part.row.isDoubtful && row.messageID == nil
                since = part.doubtfulSince
            }
            if row.payload?.isNothing == true, row.messageID == nil {
                return owed.append(.abandon(row.id, reason: "nothing to show"))
            }
            var item = Item(row)
            item.doubtfulSince = since
            let index = items.firstIndex { $0.row.id > row.id } ?? items.endIndex
            items.insert(item, at: index)
            if index == 0, row.retryAt == nil, gate > now.uptime + policy.firstRetry {
                owed.append(.postpone(row.id, until: now.wall + (gate - now.uptime)))
            }
        }
        if live?.part(row.id) != nil {
            live?.end(at: now.uptime)
            live?.handedOver(row.id)
            forgetEndedReply(at: now.uptime)
        }
    }

    /// Drops its ready rows, which the store has under another name now.
    mutating func letGoOfRows() { items = [] }

    mutating func begin(_ reply: LiveReply) {
        var reply = reply
        if let live, live.turn == reply.turn { reply.goesOn(from: live) }
        live = reply
    }

    mutating func update(_ text: String, of turn: TurnID) {
        if live?.turn == turn { live?.update(text) }
    }

    mutating func end(_ turn: TurnID, at now: Duration) {
        guard live?.turn == turn else { return }
        live?.end(at: now)
        forgetEndedReply(at: now)
    }

    /// Drops a reply that has ended once nothing more will ask for what is known of it.
    private mutating func forgetEndedReply(at now: Duration) {
        guard let live, let endedAt = live.endedAt, inFlight?.work.previewedTurn != live.turn else { return }
        if live.isHandedOver || now >= endedAt + policy.endedReplyMemory { self.live = nil }
    }

    // MARK: - What goes out

    /// What to do now. `.perform` is to be followed by `start`.
    ///
    /// - Parameter pace: before when the chat takes no preview that makes or edits a message.
    mutating func next(at now: Moment, gate: Duration, pace: Duration, previews: Bool) -> Step {
        guard inFlight == nil else { return .idle }
        if let write = owed.first {
            return now.uptime < storePausedUntil ? .wait(until: storePausedUntil) : .perform(.write(write))
        }
        if let item = nextItem {
            let due = max(gate, finalDue, storePausedUntil)
            return now.uptime < due ? .wait(until: due) : .perform(work(for: item, at: now))
        }
        forgetEndedReply(at: now.uptime)
        guard let live else { return .idle }
        if let endedAt = live.endedAt { return .wait(until: endedAt + policy.endedReplyMemory) }
        guard previews else { return .idle }
        switch live.next(at: now.uptime, pace: pace, policy: policy) {
        case .nothing: return .idle
        case .wait(let due): return .wait(until: max(due, gate))
        case .perform(let work) where !work.isRequest: return .perform(work)
        case .perform(let work): return now.uptime < gate ? .wait(until: gate) : .perform(work)
        }
    }

    /// What is to be taken away goes last: until then nothing is missing in the chat.
    private var nextItem: Item? { items.first { $0.row.payload?.isNothing == false } ?? items.first }

    /// Before when no ready row goes, whatever the chat takes.
    var finalDue: Duration {
        let paused = max(failedUntil, movingUntil)
        guard let item = nextItem, item.labelledSends > 0 else { return paused }
        let wait = policy.wait(afterLabelled: item.labelledSends, blocksOthers: items.count > 1)
        return max(paused, item.labelledAt + wait)
    }

    private func work(for item: Item, at now: Moment) -> DeliveryOperation.Work {
        let isNothing = item.row.payload?.isNothing == true
        if let message = item.row.messageID {
            return isNothing ? .remove(item.row, message: message) : .edit(item.row, message: message)
        }
        var age: Duration?
        if item.row.isDoubtful {
            let unknown = Duration.seconds(Int64(Int32.max))
            // A wall clock that was set back since tells nothing.
            let stored = item.row.doubtfulSince.map { now.wall.since($0) }.flatMap { $0 < .zero ? nil : $0 }
            age = item.doubtfulSince.map { now.uptime - $0 } ?? stored ?? unknown
        }
        return .send(item.row, nonce: item.nonce, doubtfulFor: age)
    }

    /// Notes that the work has been given out.
    mutating func start(_ work: DeliveryOperation.Work, id: UInt64, at now: Duration) {
        let known = [items.last?.row.id, live?.parts.last?.row.id].compactMap(\.self)
        inFlight = InFlight(id: id, work: work, since: now, newestRow: known.max() ?? OutboxID(0))
        switch work {
        case .beginPreview, .editPreview, .draft: live?.frameBegan()
        case .typing: live?.typingBegan(at: now)
        case .send, .edit, .remove, .openPart, .write: break
        }
    }

    /// No longer waits for an ephemeral operation; its late result only counts for the chat's gate.
    mutating func letGo() { inFlight = nil }

    /// Takes the result of the operation under way; that of one that was let go is ignored.
    mutating func finish(
        _ id: UInt64, _ outcome: DeliveryOperation.Outcome, at now: Moment, random: Double
    ) -> [Effect] {
        guard let done = inFlight, done.id == id else { return [] }
        inFlight = nil
        var effects: [Effect] = []
        switch done.work {
        case .send(let row, _, let doubtfulFor):
            finishSend(done, of: row, wasDoubtful: doubtfulFor != nil, outcome, at: now, random, &effects)
        case .edit(let row, let message): finishEdit(done, of: row, message, outcome, at: now, random, &effects)
        case .remove(let row, let message): finishRemoval(done, of: row, message, outcome, at: now, random, &effects)
        case .write(let write): finish(write, outcome, at: now, random, &effects)
        case .beginPreview, .editPreview, .draft, .openPart, .typing:
            finishPreview(done, outcome, at: now, &effects)
        }
        forgetEndedReply(at: now.uptime)
        if effects.contains(.succeeded) {
            movesAsked = 0
            canBeHurried = true
        }
        if owed.isEmpty, let chat = newChat {
            newChat = nil
            let move = ChatMove(
                conversation.chat, to: chat, platform: conversation.platform, account: conversation.account)
            effects.append(.note(.moved(move)))
        }
        return effects
    }

    /// Waits until the chat has been moved; false when the platform has sent it on too often.
    mutating func waitForMove(to chat: String, at now: Duration, _ random: Double) -> Bool {
        movesAsked += 1
        guard chat != conversation.chat, movesAsked <= policy.movesAtMost else { return false }
        newChat = chat
        movingUntil = now + backoff.next(random: random)
        return true
    }

    private mutating func finish(
        _ write: StoreWrite, _ outcome: DeliveryOperation.Outcome, at now: Moment, _ random: Double,
        _ effects: inout [Effect]
    ) {
        switch outcome {
        case .storeFailed(let error) where error.canHeal || error == .cancelled:
            pauseForStore(error, at: now.uptime, random, &effects)
        case .storeFailed(let error):
            // Nothing can write it any more; the rows stay as the store last knew them.
            owed.removeFirst()
            effects.append(.storeFailing(error))
        case .written(let row, let isSeen):
            owed.removeFirst()
            storeBackoff.reset()
            effects.append(isSeen ? .storeSucceeded : .mayHaveMissed)
            guard let row else { break }
            // The row became ready, or a reset gave it another text, while an operation of it was under way.
            if live?.part(row.id) != nil { live?.stopPreviews() }
            if row.payload != nil { add(row, at: now, gate: now.uptime) }
        case .sent, .shown, .begun, .framed, .draftFull, .unchanged, .opened, .rowGone, .failed: owed.removeFirst()
        }
    }
}

// MARK: - Changes that outcomes make

extension ChatQueue {
    mutating func pauseForStore(
        _ error: StoreError, at now: Duration, _ random: Double, _ effects: inout [Effect]
    ) {
        storePausedUntil = now + storeBackoff.next(random: random)
        effects.append(.storeFailing(error))
    }

    /// Waits after a failed attempt, longer each time.
    mutating func pause(at now: Duration, _ random: Double) { failedUntil = now + backoff.next(random: random) }

    /// Ends the wait after a failed attempt, because there is a reason to try now: something new is to be sent.
    mutating func tryAgain() { failedUntil = .zero }

    /// Ends the wait after a failed attempt, because the platform has taken something of another chat. Only once, for a chat that fails while
    /// others do not would be tried as often as they succeed; true when it did.
    mutating func hurry() -> Bool {
        guard canBeHurried else { return false }
        canBeHurried = false
        tryAgain()
        return true
    }

    /// Asks the store again without waiting.
    mutating func retryStore() { storePausedUntil = .zero }

    mutating func owe(_ write: StoreWrite) { owed.append(write) }

    mutating func change(_ row: OutboxID, _ change: (inout Item) -> Void) {
        guard let index = items.firstIndex(where: { $0.row.id == row }) else { return }
        change(&items[index])
    }

    func item(_ row: OutboxID) -> Item? { items.first { $0.row.id == row } }

    mutating func remove(_ row: OutboxID, standing text: String? = nil, _ effects: inout [Effect]) {
        items.removeAll { $0.row.id == row }
        effects.append(.ended(row, text: text))
    }

    mutating func changeLive(_ change: (inout LiveReply) -> Void) {
        if var reply = live {
            change(&reply)
            live = reply
        }
    }
}
