import BotCore
import DequeModule
import HeapModule

/// Decides over all chats what goes next: one operation under way per chat, a bounded number per platform, chats in turn,
/// and nothing to a chat that is flood-limited. Pure: `(state, event, now) -> operations`.
struct DeliveryPlanner: Sendable {
    let policy: DeliveryPolicy
    private let random: @Sendable () -> Double
    private var queues: [ConversationKey: ChatQueue] = [:]
    private var chats = ChatGates()
    private(set) var platforms: [Platform: PlatformState] = [:]
    private var turns: [TurnID: ConversationKey] = [:]
    private var timers: Heap<Timer> = []
    private var recent = RecentRows()
    private var noPreviews: Set<ConversationKey> = []
    private var notes: [DeliveryNote] = []
    private var nextID: UInt64 = 0
    private var storeFails = false
    private(set) var isDraining = false

    init(
        platforms: [Platform], policy: DeliveryPolicy = DeliveryPolicy(),
        random: @escaping @Sendable () -> Double = { .random(in: 0..<1) }
    ) {
        self.policy = policy
        self.random = random
        for platform in platforms { self.platforms[platform] = PlatformState(policy) }
    }

    // MARK: - Events

    /// Takes committed rows. What finds no room is left to the store and loaded when there is some.
    mutating func enqueue(_ rows: [OutboxRow], at now: Moment) {
        for row in rows {
            let platform = row.conversation.platform
            guard let state = platforms[platform], !recent.isOld(row) else { continue }
            let isKnown = queues[row.conversation]?.holds(row.id) == true
            if !isKnown, state.isBehind || state.rows >= policy.rowsInMemory {
                if !state.isBehind { notes.append(.postponedToStore(platform)) }
                platforms[platform]?.missed()
                continue
            }
            add(row, at: now)
            if !isKnown { queues[row.conversation]?.tryAgain() }
        }
    }

    /// Begins to show a reply.
    mutating func begin(_ row: OutboxRow, style: PreviewStyle, typingInterval: Duration?, at now: Moment) {
        guard let turn = row.turn, platforms[row.conversation.platform] != nil, !recent.isOld(row) else { return }
        let style = noPreviews.contains(row.conversation) ? .off : style
        respectRetry(of: row, at: now)
        if let old = queues[row.conversation]?.live?.turn { turns[old] = nil }
        withQueue(row.conversation) { queue in
            queue.begin(LiveReply(row: row, turn: turn, style: style, typingInterval: typingInterval, at: now.uptime))
        }
        turns[turn] = row.conversation
    }

    /// Takes the newest text of a reply that is being made.
    mutating func update(_ text: String, of turn: TurnID) {
        guard let conversation = turns[turn] else { return }
        withQueue(conversation) { $0.update(text, of: turn) }
    }

    mutating func end(_ turn: TurnID, at now: Moment) {
        guard let conversation = turns.removeValue(forKey: turn) else { return }
        withQueue(conversation) { $0.end(turn, at: now.uptime) }
    }

    /// Lets go of the rows of a chat that has moved: they are read from the store again, which has them under its new name.
    mutating func moved(_ move: ChatMove, at now: Moment) {
        for key in queues.keys where key.wholeChat == move.from {
            if let turn = queues[key]?.live?.turn { end(turn, at: now) }
            withQueue(key) { $0.letGoOfRows() }
        }
        platforms[move.from.platform]?.missed()
    }

    /// Whether previews of the turn are still wanted: asked right before one leaves.
    func isShowing(_ turn: TurnID) -> Bool { turns[turn] != nil && !isDraining }

    /// Takes the result of an operation.
    mutating func finish(_ operation: DeliveryOperation, _ outcome: DeliveryOperation.Outcome, at now: Moment) {
        let key = operation.conversation
        platforms[key.platform]?.operations -= 1
        for waiting in chats.finished(operation) { wake(waiting) }
        if case .failed(.rateLimited(let span, let everywhere), _, _) = outcome {
            close(key, for: span, everywhere: everywhere, at: now)
        }
        if case .failed(.previewUnsupported, _, .off) = outcome, operation.work.isFrame {
            if noPreviews.count >= policy.rowsInMemory { noPreviews = [] }
            noPreviews.insert(key)
        }
        guard queues[key] != nil else { return }
        var effects: [ChatQueue.Effect] = []
        let random = random()
        withQueue(key) { effects = $0.finish(operation.id, outcome, at: now, random: random) }
        for effect in effects { apply(effect, of: key, at: now) }
    }

    private mutating func apply(_ effect: ChatQueue.Effect, of key: ConversationKey, at now: Moment) {
        switch effect {
        case .ended(let row, let text): recent.insert(row, text: text)
        case .succeeded:
            if platforms[key.platform]?.recovered(key) == true { notes.append(.recovered(key.platform)) }
            for waiting in platforms[key.platform]?.takeWaiting() ?? [] where queues[waiting]?.hurry() == true {
                wake(waiting)
            }
        case .failing(let reason):
            if platforms[key.platform]?.failed(key) == true { notes.append(.failing(key.platform, reason: reason)) }
        case .linkDown(let reason):
            if platforms[key.platform]?.linkDown(at: now.uptime, random()) == true {
                notes.append(.failing(key.platform, reason: reason))
            }
        case .storeFailing(let error): storeFailed(error)
        case .storeSucceeded: storeSucceeded()
        case .mayHaveMissed: platforms[key.platform]?.missed()
        case .note(let note): notes.append(note)
        }
    }

    private mutating func storeFailed(_ error: StoreError) {
        if !storeFails, error != .cancelled {
            storeFails = true
            notes.append(.storeFailing(error))
        }
    }

    private mutating func storeSucceeded() {
        if storeFails { notes.append(.storeRecovered) }
        storeFails = false
    }

    // MARK: - Rows from the store

    /// Takes a page of ready rows; a page that is not full is the last one.
    mutating func loaded(_ request: LoadRequest, _ rows: [OutboxRow], at now: Moment) {
        guard platforms[request.platform] != nil else { return }
        storeSucceeded()
        for row in rows where !recent.isOld(row) { add(row, at: now) }
        platforms[request.platform]?.loaded(isLast: rows.count < request.limit, upTo: rows.last?.id)
        guard platforms[request.platform]?.isBehind == false else { return }
        // Previews have waited for it.
        for key in queues.keys where key.platform == request.platform { wake(key) }
    }

    mutating func loadFailed(_ request: LoadRequest, _ error: StoreError, at now: Moment) {
        storeFailed(error)
        platforms[request.platform]?.loadFailed(at: now.uptime, random())
    }

    private mutating func add(_ row: OutboxRow, at now: Moment) {
        respectRetry(of: row, at: now)
        let gate = chats.gate(of: row.conversation)
        withQueue(row.conversation) { $0.add(row, at: now, gate: gate) }
    }

    /// A stored wait holds for the whole chat, as the flood limit does that it came from.
    private mutating func respectRetry(of row: OutboxRow, at now: Moment) {
        guard let retryAt = row.retryAt, retryAt > now.wall else { return }
        chats.close(row.conversation, until: now.uptime + min(retryAt.since(now.wall), policy.longestGate))
    }

    /// Whether the chat takes something now that stands in no queue. How far apart its messages are does not matter for that.
    func isOpen(_ key: ConversationKey, at now: Moment) -> Bool { closedUntil(key) <= now.uptime }

    /// Notes that a chat, or all of its platform, takes nothing for a while.
    mutating func close(_ key: ConversationKey, for span: Duration, everywhere: Bool, at now: Moment) {
        let until = now.uptime + span + policy.gateMargin
        chats.flooded(key, until: until)
        if everywhere { platforms[key.platform]?.close(until: until) }
        notes.append(.rateLimited(key, span, everywhere: everywhere))
    }

    // MARK: - Dispatch

    /// Shows nothing unfinished any more; ready rows still go out, and what the store refused is told to it once more at once:
    /// what it does not know at the end is a possible repeat at the next start.
    mutating func drain() {
        isDraining = true
        for key in queues.keys {
            queues[key]?.retryStore()
            wake(key)
        }
    }

    /// Whether nothing is under way and nothing falls due until the given uptime.
    func isQuiet(until deadline: Duration) -> Bool {
        let isAtRest = platforms.values.allSatisfy { $0.operations == 0 && $0.runnable.isEmpty && !$0.isLoading }
        guard isAtRest else { return false }
        return queues.values.allSatisfy { queue in
            if !queue.owed.isEmpty { return false }
            let due = max(queue.finalDue, gate(of: queue.conversation))
            return queue.items.isEmpty || due > deadline
        }
    }

    /// Gives out what may be done now.
    mutating func dispatch(at now: Moment) -> Dispatch {
        var result = Dispatch()
        while let timer = timers.min, timer.due <= now.uptime {
            timers.removeMin()
            queues[timer.conversation]?.armed = nil
            wake(timer.conversation)
        }
        for platform in platforms.keys {
            if let (after, limit) = platforms[platform]?.nextLoad(at: now.uptime, policy) {
                result.loads.append(LoadRequest(platform: platform, after: after, limit: limit))
            }
            if let due = platforms[platform]?.loadDue { result.due = min(result.due ?? due, due) }
        }
        for platform in platforms.keys {
            while let key = nextRunnable(on: platform) {
                if let operation = step(key, at: now) { result.operations.append(operation) }
            }
        }
        if let due = timers.min?.due { result.due = min(result.due ?? due, due) }
        result.notes = notes
        notes = []
        return result
    }

    /// Takes the next conversation in line while the platform may have one more operation under way.
    private mutating func nextRunnable(on platform: Platform) -> ConversationKey? {
        guard (platforms[platform]?.operations ?? .max) < policy.operationsAtOnce else { return nil }
        guard let key = platforms[platform]?.runnable.popFirst() else { return nil }
        queues[key]?.isRunnable = false
        return key
    }

    /// Puts a conversation in line to be looked at.
    private mutating func wake(_ key: ConversationKey) {
        guard queues[key]?.isRunnable == false else { return }
        queues[key]?.isRunnable = true
        platforms[key.platform]?.runnable.append(key)
    }

    private mutating func step(_ key: ConversationKey, at now: Moment) -> DeliveryOperation? {
        guard let hasFinalWork = queues[key]?.hasFinalWork else { return nil }
        switch chats.turn(of: key, hasFinalWork: hasFinalWork, at: now.uptime, patience: policy.ephemeralPatience) {
        case .free: break
        case .wait(let until):
            if let until { arm(key, at: until) }
            return nil
        case .letGo: queues[key]?.letGo()
        }
        let gate = gate(of: key)
        let pace = chats.frameDue(in: key, at: now.uptime, perMinute: queues[key]?.live?.style.perMinute)
        // While rows lie in the store alone, an older answer of this chat may be among them: no preview goes before it.
        let showsPreviews = !isDraining && platforms[key.platform]?.isBehind == false
        switch queues[key]?.next(at: now, gate: gate, pace: pace, previews: showsPreviews) {
        case .perform(let work):
            nextID += 1
            let operation = DeliveryOperation(id: nextID, conversation: key, work: work)
            queues[key]?.start(work, id: nextID, at: now.uptime)
            chats.started(operation, at: now.uptime)
            platforms[key.platform]?.operations += 1
            return operation
        case .wait(let until):
            arm(key, at: until)
            return nil
        case .idle, nil:
            if let queue = queues[key], queue.isEmpty {
                queues[key] = nil
                chats.forget(key, at: now.uptime)
                platforms[key.platform]?.forget(key)
            }
            return nil
        }
    }

    private func gate(of key: ConversationKey) -> Duration { max(closedUntil(key), chats.pace(of: key)) }

    /// Until when a 429 or a link that is down closes the chat.
    private func closedUntil(_ key: ConversationKey) -> Duration {
        max(chats.gate(of: key), platforms[key.platform]?.gate ?? .zero)
    }

    private mutating func arm(_ key: ConversationKey, at due: Duration) {
        if let armed = queues[key]?.armed, armed <= due { return }
        queues[key]?.armed = due
        timers.insert(Timer(due: due, conversation: key))
    }

    private mutating func withQueue(_ key: ConversationKey, _ body: (inout ChatQueue) -> Void) {
        var queue = queues.removeValue(forKey: key) ?? ChatQueue(key, policy: policy)
        let before = queue.items.count
        body(&queue)
        platforms[key.platform]?.rows += queue.items.count - before
        queues[key] = queue
        wake(key)
    }

    private struct Timer: Comparable {
        let due: Duration
        let conversation: ConversationKey

        static func < (left: Timer, right: Timer) -> Bool { left.due < right.due }
    }
}
