import BotCore

/// What was committed over all lives of a bot, for the comparison with what its users saw.
final class Journal: Sendable {
    struct Facts: Sendable {
        /// All stored events, in order.
        var entries: [InboxEntry] = []
        /// The message of each turn that was begun.
        var turns: [TurnID: String] = [:]
        /// The reply's rows of each message whose turn was committed, once for each commit.
        var replies: [String: [[OutboxRow]]] = [:]
        /// Rows of which nobody knew whether their message stands when a life ended: the next life may repeat them.
        var doubtful: Set<OutboxID> = []
        /// Messages that were set aside.
        var setAside: Set<String> = []
        /// Resets, and the turns and events that they ended.
        var resets = 0
        var stoppedTurns = 0
        var droppedEvents = 0
        /// Answers to commands.
        var answers: [OutboxRow] = []
        /// The log of each chat's sessions.
        var said: [String: [SessionID: [Int64: SessionMessage]]] = [:]
        /// What moved the floor of a session or hid messages, with the session after it.
        var changes: [(session: Session, change: Change)] = []
        /// Commands that erased a chat.
        var forgets: [(chat: String, event: InboxID)] = []
        /// The turns that came too late, and the prompts of each session whose usage was to be booked.
        var superseded = 0
        var usages: [SessionID: Int] = [:]
        fileprivate var sessions: [TurnID: SessionID] = [:]
        /// Summaries that were stored and that came too late.
        var summaries: [Checkpoint] = []
        var outdated = 0
    }

    enum Change: Sendable {
        /// `event` is nil over REST.
        case reset(ResetSummary, event: InboxID?)
        case undone(Undone)
    }

    private let state = Lock(Facts())

    var facts: Facts { state.withLock { $0 } }

    func accepted(_ entries: [InboxEntry]) { state.withLock { $0.entries += entries } }

    func queued(_ rows: [OutboxRow]) { state.withLock { $0.answers += rows } }

    func began(_ start: TurnStart, _ draft: TurnDraft) {
        if case .started(let turn) = start { state.withLock { $0.sessions[turn.id] = turn.session.id } }
        guard case .answer(let message) = draft.work else { return }
        state.withLock { facts in
            switch start {
            case .started(let turn):
                facts.turns[turn.id] = message.text
                facts.say(turn.message, in: turn.session)
            case .setAside: facts.setAside.insert(message.text)
            case .gone, .nothingToRetry, .notYet: break
            }
        }
    }

    func said(_ message: SessionMessage, in session: Session) { state.withLock { $0.say(message, in: session) } }

    func committed(_ turn: TurnID, _ commit: TurnCommit, _ result: TurnResult) {
        state.withLock { facts in
            if result.usage != nil, result.counted != nil, let session = facts.sessions[turn] {
                facts.usages[session, default: 0] += 1
            }
            if commit == .superseded { facts.superseded += 1 }
        }
        guard case .committed(let session, let appended, let rows) = commit else { return }
        state.withLock { facts in
            if let appended { facts.say(appended, in: session) }
            guard let text = facts.turns[turn] else { return }
            facts.replies[text, default: []].append(rows)
        }
    }

    func ended(doubtful rows: Set<OutboxID>) { state.withLock { $0.doubtful.formUnion(rows) } }

    func undone(_ undone: Undone, _ outcome: CommandOutcome) {
        guard let session = outcome.session else { return }
        state.withLock { $0.changes.append((session, .undone(undone))) }
    }

    func forgot(_ request: CommandRequest, _ outcome: CommandOutcome) {
        // Its event had ended before: nothing was done.
        if outcome.rows.isEmpty { return }
        guard case .key(let key) = request.conversation, let event = request.event else { return }
        state.withLock { $0.forgets.append((key.chat, event)) }
    }

    func summarised(_ commit: CheckpointCommit) {
        state.withLock { facts in
            switch commit {
            case .committed(_, let checkpoint): facts.summaries.append(checkpoint)
            case .outdated: facts.outdated += 1
            }
        }
    }

    func reset(_ outcome: ResetOutcome, _ request: CommandRequest) {
        state.withLock { facts in
            // A command whose event had ended before does nothing.
            if let session = outcome.session, request.event == nil || !outcome.rows.isEmpty {
                facts.changes.append((session, .reset(outcome.summary, event: request.event)))
            }
            facts.resets += 1
            facts.stoppedTurns += outcome.stoppedTurns.count
            facts.droppedEvents += outcome.summary.droppedEvents
        }
    }
}

extension Journal.Facts {
    fileprivate mutating func say(_ message: SessionMessage, in session: Session) {
        said[session.key?.chat ?? "", default: [:]][session.id, default: [:]][message.seq] = message
    }
}
