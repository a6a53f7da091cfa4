import BotCore

/// Runs what the `LaneScheduler` starts, each in a task of its own, and knows which turn runs in which chat.
final class LaneDriver: Sendable {
    /// Something to be handled now.
    struct Job: Sendable {
        enum Work: Sendable {
            /// A lane's own event, which can be interrupted.
            case turn(TurnControl)
            /// An event beside its lane.
            case around
            /// An event for which its lane has no room. `isFirst` since it had some: its person is to be told.
            case setAside(isFirst: Bool)
        }

        let entry: InboxEntry
        let work: Work
    }

    /// What is left to do of an event.
    enum JobEnd: Sendable {
        case done
        /// It was handled beside its lane, and has to go on in it.
        case goesOn
    }

    private struct State {
        var scheduler: LaneScheduler
        var running: [ConversationKey: TurnControl] = [:]

        /// Where something runs under both names, that under the new one stays within reach.
        mutating func move(_ move: ChatMove) {
            for (key, control) in running {
                guard let name = move.newName(of: key) else { continue }
                running[key] = nil
                if running[name] == nil { running[name] = control }
            }
        }
    }

    private let state: Lock<State>
    private let queueLimit: Int
    /// Not bounded of itself: it never holds more than the scheduler's load, which intake bounds.
    private let jobs: AsyncStream<Job>
    private let jobQueue: AsyncStream<Job>.Continuation
    /// Tells people which of their messages wait.
    let signs = WaitingSigns()
    private let room = Gate(isOpen: true)
    private let idle = Gate(isOpen: true)

    /// - Parameters:
    ///   - parallel: turns at once.
    ///   - queueLimit: events in memory before intake waits.
    ///   - chatLimit: events of one chat that wait before more are set aside.
    init(parallel: Int, queueLimit: Int, chatLimit: Int) {
        state = Lock(State(scheduler: LaneScheduler(limit: parallel, laneLimit: chatLimit)))
        self.queueLimit = queueLimit
        (jobs, jobQueue) = AsyncStream.makeStream(of: Job.self)
    }

    /// Returns while fewer events are in memory than the limit.
    ///
    /// - Throws: `CancellationError` alone.
    func waitForRoom() async throws { try await room.wait() }

    /// Returns once nothing is being handled.
    ///
    /// - Throws: `CancellationError` alone.
    func waitUntilIdle() async throws { try await idle.wait() }

    /// Takes stored events, in order. Those of an earlier run have their place however many they are.
    func add(_ entries: [InboxEntry], isRecovered: Bool = false) {
        state.withLock { state in
            for (number, entry) in entries.enumerated() {
                let control = state.running[state.scheduler.current(entry.event.conversation)]
                if state.scheduler.mayJoinRunning(entry), control?.extend(with: entry) == true {
                    apply(.joined(entry), to: &state)
                }
                // What was joined is known, and has its place.
                let isLast = number == entries.count - 1
                apply(.arrived(entry, isRecovered: isRecovered, isLast: isLast), to: &state)
            }
            for entry in entries { note(entry, isRecovered: isRecovered, state) }
        }
    }

    /// A message of an earlier run may carry the sign of waiting, so that it is taken away even where its turn begins at once.
    private func note(_ entry: InboxEntry, isRecovered: Bool, _ state: State) {
        let waits = state.scheduler.waits(entry)
        if waits || isRecovered { signs.waits(entry, isRecovered: isRecovered) }
        if !waits, isRecovered { signs.end([entry.id]) }
    }

    /// Forgets what waits in a chat and came before the event, because a reset has dropped it; returns it.
    func drop(in conversation: ConversationKey, before event: InboxID) -> [InboxEntry] {
        state.withLock { state in
            let waiting = state.scheduler.waiting(in: conversation, before: event)
            apply(.dropped(conversation, before: event), to: &state)
            return waiting
        }
    }

    /// Takes what waits and runs in a chat along to its new name.
    func move(_ order: ChatMoveOrder) { apply(.moved(order)) }

    /// Puts another content in the place of an event that waits or is being answered; the answer is begun again. Returns false when it
    /// comes too late for that.
    func replace(_ entry: InboxEntry) -> Bool {
        state.withLock { state in
            if state.scheduler.waits(entry) {
                apply(.replaced(entry), to: &state)
                return true
            }
            return state.running[state.scheduler.current(entry.event.conversation)]?.replace(entry) ?? false
        }
    }

    /// Puts another content in the place of an event that waits; one that runs goes on.
    func replaceWaiting(_ entry: InboxEntry) {
        state.withLock { state in
            if state.scheduler.waits(entry) { apply(.replaced(entry), to: &state) }
        }
    }

    /// Starts nothing more; what runs goes on.
    func startNoMore() { apply(.drained) }

    /// Ends `run` after `startNoMore`; what still runs is cancelled.
    func finish() { jobQueue.finish() }

    /// Who is being answered in a chat, if they asked before `event`; nil when nothing runs.
    func asker(in conversation: ConversationKey, before event: InboxID) -> Speaker? {
        let control = state.withLock { $0.running[$0.scheduler.current(conversation)] }
        guard let control, control.event < event else { return nil }
        return control.parts.first?.event.speaker
    }

    /// Interrupts what runs in a chat, if it came before `event`. Returns whether there was something.
    func interrupt(in conversation: ConversationKey, before event: InboxID, _ reason: Interruption) -> Bool {
        let control = state.withLock { $0.running[$0.scheduler.current(conversation)] }
        guard let control, control.event < event else { return false }
        return control.interrupt(reason)
    }

    /// Interrupts the turns that are among the given ones. Returns whether there was one.
    func interrupt(_ turns: Set<TurnID>, _ reason: Interruption) -> Bool {
        let controls = state.withLock { Array($0.running.values) }
        return controls.filter { $0.turn.map(turns.contains) ?? false }.reduce(false) { $1.interrupt(reason) || $0 }
    }

    /// Interrupts a turn of a chat. Returns whether it was running there.
    func interrupt(_ turn: TurnID, in conversation: ConversationKey, _ reason: Interruption) -> Bool {
        let control = state.withLock { $0.running[$0.scheduler.current(conversation)] }
        guard let control, control.turn == turn else { return false }
        return control.interrupt(reason)
    }

    /// Interrupts everything that runs.
    func interruptAll(_ reason: Interruption) {
        for control in state.withLock({ Array($0.running.values) }) { _ = control.interrupt(reason) }
    }

    /// Handles what is started until `finish` or until the task is cancelled.
    func run(handle: @escaping @Sendable (Job) async -> JobEnd) async {
        await withDiscardingTaskGroup { group in
            for await job in jobs {
                group.addTask {
                    switch await handle(job) {
                    case .done: self.apply(.finished(job.entry))
                    case .goesOn: self.apply(.goesOn(job.entry))
                    }
                }
            }
            group.cancelAll()
        }
    }

    private func apply(_ event: LaneScheduler.Event) { state.withLock { apply(event, to: &$0) } }

    /// The jobs and the gates move under the lock, so that they follow each other as the states do.
    private func apply(_ event: LaneScheduler.Event, to state: inout State) {
        switch event {
        case .finished(let entry):
            let key = state.scheduler.current(entry.event.conversation)
            if state.running[key]?.event == entry.id { state.running[key] = nil }
        case .moved(let order): state.move(order.move)
        case .dropped(let conversation, let id):
            let key = state.scheduler.current(conversation)
            signs.end { $0.id < id && state.scheduler.current($0.event.conversation) == key }
        case .arrived, .joined, .goesOn, .replaced, .drained: break
        }
        for action in state.scheduler.handle(event) {
            switch action {
            case .start(let entry, let joined):
                let control = TurnControl(entry, joined: joined)
                state.running[state.scheduler.current(entry.event.conversation)] = control
                signs.end([entry.id] + joined.map(\.id))
                jobQueue.yield(Job(entry: entry, work: .turn(control)))
            case .startAround(let entry):
                jobQueue.yield(Job(entry: entry, work: .around))
            case .setAside(let entry, let isFirst):
                jobQueue.yield(Job(entry: entry, work: .setAside(isFirst: isFirst)))
            }
        }
        room.set(open: state.scheduler.load < queueLimit)
        idle.set(open: state.scheduler.isIdle)
    }
}
